"""Agreements: versions, parties and signatures of each municipality; library/ holds the models."""
