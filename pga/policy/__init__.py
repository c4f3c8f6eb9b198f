"""The rules of an agreement as a pure engine: parse, prove, compile, decide, explain, compare."""
