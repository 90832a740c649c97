"""What the contract book says about itself: its method, what it leaves out, what it assumes."""

METHOD = (
    "Rows of the return are read and checked as by 'insource check'; each event counts once, as the latest submission "
    "tells it. A service that a later submission no longer has ended with the period in which it was last seen.",
    "Pounds a week are unit cost x units a week; weekly, monthly and other frequencies go before planned units (DHSC's "
    "rule). Pounds a year of what was not needed are those of the 52 weeks to the end of the latest period; other "
    "pounds a year are 52 weeks at the cost of the last day.",
    "Not needed: days of service after death, beside a long-term place in a care home, or in a long stay in hospital, "
    "less the days of grace in the settings.",
    "Review age: from the end of the latest review or assessment of needs (not of money).",
    "What reviews change: hours of the same people at the ends of consecutive periods, for those with a review in "
    "between; all their hours together, with the standard error of that ratio. It is said only where it differs from "
    "none at 95%, whichever way it goes.",
    "Like care: same component, by the hour or the week, same age group; care at home also in the same postcode "
    "district where enough services are. A provider is set against the medians of the groups its services are in.",
    "An outlier lies more than the set number of robust standard deviations (of the logarithm of price) and a tenth "
    "from the median of like care.",
)
EXCLUSIONS = (
    "Services to unpaid carers, and rows that cannot be used.",
    "What was really delivered or paid: the return holds what was planned. Findings must be set against payments.",
    "Direct payments are left out of prices, providers and orders; they are in what ran on after death.",
    "Money got back (refunds, contributions, the NHS's share) is not in the return.",
)
ASSUMPTIONS = (
    "A stay in hospital lasts until the person's next event of any kind, so it may be shorter than it looks (low "
    "confidence).",
    "Care at home beside a care home is not needed; a trial stay recorded as long-term would be found wrongly.",
    "How many workers come is not in the return; it is guessed from prices and hours (low confidence).",
    "One CQC location is one provider; two locations of one company count as two.",
    "A dear or a cheap provider may serve harder places or people; postcode district and age group are all that is "
    "held alike. In-house and bought services are treated alike: the return does not tell them apart.",
)
