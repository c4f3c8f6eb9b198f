"""The domain, in rooms; from low to high: web, policy, agreements, cases, records, sharing and up."""
