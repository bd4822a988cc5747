"""National supply and use workbooks of the ESA 2010 transmission programme; layout: `reading`."""

from planboard.publishers.eurostat_sut.reading import EUROSTAT_SUT as EUROSTAT_SUT
