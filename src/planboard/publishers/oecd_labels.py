"""Names of the OECD's industries (ISIC Rev. 4) and categories of final use, by their codes.

Releases write the same divisions differently: 01T02 of 2021 is A01_02 of 2023.
"""

import re

INDUSTRIES = """
01T03 Agriculture, forestry and fishing
01T02 Agriculture, hunting and forestry
01 Crop and animal production, hunting
02 Forestry and logging
03 Fishing and aquaculture
05T06 Mining of energy products
05 Mining of coal and lignite
06 Extraction of crude petroleum and natural gas
07T08 Mining of other products
07 Mining of metal ores
08 Other mining and quarrying
09 Mining support services
10T12 Food, beverages and tobacco
13T15 Textiles, clothing and leather
16 Wood and products of wood and cork
17T18 Paper products and printing
19 Coke and refined petroleum
20T21 Chemicals and pharmaceuticals
20 Chemicals
21 Pharmaceuticals
22 Rubber and plastics
23 Other non-metallic mineral products
24 Basic metals
24A Basic iron and steel
24B Other basic metals
25 Fabricated metal products
26 Computers, electronic and optical products
27 Electrical equipment
28 Machinery and equipment
29 Motor vehicles
30 Other transport equipment
301 Ships and boats
302T309 Transport equipment other than motor vehicles and ships
31T33 Other manufacturing, repair of machinery
35T39 Electricity, gas, water, waste
35 Electricity, gas and steam
D Electricity, gas and steam
36T39 Water, sewerage and waste
E Water, sewerage and waste
41T43 Construction
F Construction
45T47 Wholesale and retail trade
G Wholesale and retail trade
49T53 Transport and storage
49 Land transport and pipelines
50 Water transport
51 Air transport
52 Warehousing and support of transport
53 Post and couriers
55T56 Hotels and restaurants
I Hotels and restaurants
58T60 Publishing and broadcasting
61 Telecommunications
62T63 Information services
64T66 Finance and insurance
K Finance and insurance
68 Real estate
L Real estate
69T82 Business services
69T75 Professional, scientific and technical services
M Professional, scientific and technical services
77T82 Administrative and support services
N Administrative and support services
84 Public administration and defence
O Public administration and defence
85 Education
P Education
86T88 Health and social work
Q Health and social work
90T96 Arts, recreation and other services
90T93 Arts and recreation
R Arts and recreation
94T96 Other services
S Other services
97T98 Households as employers
T Households as employers
"""
CATEGORIES = """
HFCE Household consumption
NPISH Consumption of non-profit institutions
GGFC Government consumption
GFCF Gross fixed capital formation
INVNT Changes in inventories
DPABR Direct purchases abroad by residents
P33 Direct purchases abroad by residents
"""
NAMES = dict(line.split(" ", 1) for line in (INDUSTRIES + CATEGORIES).split("\n") if line)


def label_of(code: str) -> str:
    """The name of an industry or category; the code itself where there is none."""
    divisions = re.sub(r"^[A-Z](?=\d)", "", code).replace("_", "T")
    return NAMES.get(code) or NAMES.get(divisions) or code
