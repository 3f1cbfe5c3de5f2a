MATCH (indicator:Indicator)
RETURN count(indicator) AS count
