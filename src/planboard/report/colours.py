"""Colours of the report, in light and in dark; figures name them by token.

Ten region colours that colour-blind readers tell apart: after Paul Tol's "muted" scheme (SRON
technical note EPS/TN/09-002, 2021), lightened for the dark page.
"""

from typing import Any

LIGHT: dict[str, Any] = {
    "page": "#ffffff", "raised": "#f6f7f8", "text": "#1b1f24", "muted": "#5a6570",
    "line": "#dde1e6", "base": "#b4bcc5",
    "accent": "#0f6b6b", "second": "#b3591d", "third": "#6a5aa8",
    "low": "#2f6fb5", "middle": "#eef0f2", "high": "#c4500c", "highest": "#6d1f04",
    "low_shade": "47,111,181", "high_shade": "214,108,20",
}  # fmt: skip
DARK: dict[str, Any] = {
    "page": "#14171a", "raised": "#1d2125", "text": "#e6e8ea", "muted": "#a0aab4",
    "line": "#333a41", "base": "#66717c",
    "accent": "#5cc4bd", "second": "#e8965a", "third": "#b3a5ee",
    "low": "#5b9be0", "middle": "#2a3036", "high": "#e8843c", "highest": "#ffd9a8",
    "low_shade": "91,155,224", "high_shade": "232,132,60",
}  # fmt: skip
LIGHT_REGIONS = (
    "#332288", "#cc6677", "#117733", "#88ccee", "#aa8a00",
    "#882255", "#44aa99", "#aa4499", "#777777", "#ee7733",
)  # fmt: skip
DARK_REGIONS = (
    "#9c8cff", "#f08a9b", "#55b877", "#9adcf7", "#e3cf6b",
    "#d9629d", "#5fd0bd", "#de86d2", "#b4b4b4", "#ffa05c",
)  # fmt: skip
REGIONS = len(LIGHT_REGIONS)
SOFT = "73"  # The opacity of a soft colour, in hexadecimal of 255.


def themes() -> dict[str, dict[str, Any]]:
    """Both themes, with the colours of regions and the scale of idle and scarce capacity."""
    return {"light": _theme(LIGHT, LIGHT_REGIONS), "dark": _theme(DARK, DARK_REGIONS)}


def _theme(base: dict[str, Any], regions: tuple[str, ...]) -> dict[str, Any]:
    scarcity = [
        [0.0, base["low"]],
        [0.5, base["middle"]],
        [0.8, base["high"]],
        [1.0, base["highest"]],
    ]
    soft = {f"soft{n}": c + SOFT for n, c in enumerate(regions)}
    named = {f"region{n}": c for n, c in enumerate(regions)}
    return {**base, **named, **soft, "soft": base["base"] + SOFT, "scarcity": scarcity}


def region_colour(position: int) -> str:
    """The colour token of a region by its position among those drawn."""
    return f"@region{position}"


def soft_colour(token: str) -> str:
    """The translucent colour token beside that of a region, or of the base."""
    return token.replace("region", "soft").replace("base", "soft")
