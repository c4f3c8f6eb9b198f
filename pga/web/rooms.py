"""Where the rooms are that speak to a person, and where they keep their translations."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def rooms(root: Path = ROOT) -> list[Path]:
    """Give the folders that may speak to a person: every package and every room of pga."""
    packages = [root / name for name in ("config", "audit", "auth")]
    inside = sorted(path for path in (root / "pga").glob("*/") if (path / "__init__.py").exists())
    return [path for path in (*packages, *inside) if path.is_dir()]


def folders(root: Path = ROOT) -> list[Path]:
    """Give the folders of translations that are there."""
    return [room / "translations" for room in rooms(root) if (room / "translations").is_dir()]
