from .economy import Economy as Economy
from .economy_folder import read_economy as read_economy
from .engine import solve as solve
from .errors import InfeasiblePlanError as InfeasiblePlanError
from .errors import InputError as InputError
from .errors import NoAnswerError as NoAnswerError
from .errors import PlanboardError as PlanboardError
from .plan import Assumption as Assumption
from .plan import Order as Order
from .plan import Plan as Plan
from .plan_file import read_plan as read_plan
from .solution import Solution as Solution

__version__: str
