"""The foot of the house: settings, stores, keys, clock and errors that every package may use."""
