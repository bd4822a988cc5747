"""Plan: what is wanted, and the assumptions it is wanted under; it has not heard of any economy.

Each class is one section of the plan file and has its keys. Values are checked when a section is
made, in Python and from a file alike. Rates are per year, shares of one.
"""

from planboard.plan.keys import Selector as Selector
from planboard.plan.keys import percent as percent
from planboard.plan.orders import Assumption as Assumption
from planboard.plan.orders import Order as Order
from planboard.plan.orders import Wish as Wish
from planboard.plan.places import Place as Place
from planboard.plan.sections import Building as Building
from planboard.plan.sections import Consumption as Consumption
from planboard.plan.sections import Growth as Growth
from planboard.plan.sections import Horizon as Horizon
from planboard.plan.sections import Inventories as Inventories
from planboard.plan.sections import Objective as Objective
from planboard.plan.sections import Pace as Pace
from planboard.plan.sections import Trade as Trade
from planboard.plan.trade import Embargo as Embargo
from planboard.plan.trade import Line as Line
from planboard.plan.trade import Market as Market
from planboard.plan.whole import Plan as Plan
