"""Which of the bundled economy's fourteen industries an industry is, from its full name.

Publishers' codes differ without end, their English names little. The first pattern that fits
counts, so the narrow ones come first.
"""

import re

# industry of `world-2000` -> patterns, in the order they are tried
PATTERNS: tuple[tuple[str, str], ...] = (
    ("TRD", r"wholesale|retail|\btrade\b|dealers|stores|food service|hotel|accommodation"),
    ("TRD", r"sale,? .*(repair|motor|fuel)"),
    ("BUS", r"computer (programming|systems? design)|renting of machinery"),
    ("MMT", r"non-?metal\w* mineral|basic metal|primary metal|fabricated metal|metal products"),
    (
        "MMT",
        r"\b(cement|glass|ceramic|bricks?|iron|steel|alumin|copper|lead, zinc|foundry|casting)",
    ),
    ("CHM", r"petroleum (refin|and coal|prod)|refin\w* petroleum|coke|nuclear fuel|refinery"),
    ("MIN", r"oil and gas|mining|quarry|extraction|crude|\bores?\b|natural gas and services"),
    ("FOD", r"\bfood|beverage|tobacco|meat|dairy|sugar|fish products|processing of"),
    (
        "AGR",
        r"agricult|\bcrops?\b|farm|livestock|forestry|fishing|aquacult|cultivation|animal prod",
    ),
    ("AGR", r"\b(cattle|pigs|poultry|wool|raw milk|paddy rice|wheat|cereal grains|vegetables)\b"),
    ("TEQ", r"motor vehicles?,? (bod|trail|semi|and part|and motor)|manufactur\w+ of motor"),
    ("TEQ", r"transport(ation)? equipment|^motor vehicles, trailers|ships?\b|aircraft|aerospace"),
    ("TRD", r"restaurant|drinking places|catering"),
    ("TRA", r"\b(rail|air|water|truck|land|inland|pipeline|transit)\b.*transport|warehous"),
    ("TRA", r"transport via|sea transport|transport|post(al)?\b|courier|telecommunic|pipeline"),
    ("TRA", r"broadcasting and telecommunications|travel agenc"),
    ("UTL", r"electric(ity| power)|\bgas,|gas (manufacture|supply)|steam|water (supply|collect)"),
    ("UTL", r"utilities|distribution of gas|sewer|waste|remediation|recycling of water"),
    ("CON", r"construction|building of"),
    (
        "MEQ",
        r"machinery and equipment n|machinery|computer|electr\w+ (equip|and opt|, opt)|optical",
    ),
    ("MEQ", r"electronic|electrical|appliances|instruments|repair and installation"),
    ("CHM", r"chemical|pharma|rubber|plastic|fertili|botanical"),
    (
        "LGT",
        r"textile|apparel|leather|footwear|wearing|wood|paper|pulp|print|publish.*(paper|print)",
    ),
    ("LGT", r"furniture|manufacturing|miscellaneous manuf|recycling|recorded media"),
    ("BUS", r"financ|bank|insur|securit\w*,? |funds|credit|real estate|housing|rental|leasing"),
    ("BUS", r"renting|legal|computer (system|programming)|consult|scientific|research|advert"),
    ("BUS", r"business|management of|administrative and support|professional|information|data pro"),
    ("BUS", r"architect|engineer|veterinar|publishing|motion picture|programming"),
    ("PUB", r"government|public admin|defen[cs]e|educat|health|hospital|social|nursing|ambulatory"),
    (
        "PUB",
        r"arts|recreation|amusement|membership|organi[sz]ation|households|personal|other service",
    ),
    ("PUB", r"community|extraterritorial|entertainment|services|enterprises"),
)
COMPILED = tuple((industry, re.compile(pattern, re.IGNORECASE)) for industry, pattern in PATTERNS)


def bundled_industry(label: str) -> str | None:
    """The bundled industry that a full name belongs to; None where no pattern fits."""
    return next((industry for industry, known in COMPILED if known.search(label)), None)
