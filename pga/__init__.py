"""The domain, in rooms; low to high: web, policy, agreements, cases, records, sharing and up."""
