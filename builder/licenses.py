"""Licences by SPDX: what they are called on a page, and where their text is."""

from __future__ import annotations

import re
from functools import lru_cache

from builder.views import LicenseView

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-ND|-SA)?)-(\d\.\d)(?:-([A-Z]{2,3}))?")
_PUBLIC_DOMAIN = {
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-PDM-1.0": ("Public Domain Mark 1.0", "https://creativecommons.org/publicdomain/mark/1.0/"),
}


@lru_cache(maxsize=256)
def license_view(license_id: str) -> LicenseView:
    """A licence for a page. Terms of one's own (`LicenseRef-...`) and expressions have no address."""
    if license_id in _PUBLIC_DOMAIN:
        name, url = _PUBLIC_DOMAIN[license_id]
        return LicenseView(license_id, name, url)
    match = _CREATIVE_COMMONS.fullmatch(license_id)
    if match:
        terms, version, port = match.groups()
        url = f"https://creativecommons.org/licenses/{terms.lower()}/{version}/"
        if port:
            url += f"{port.lower()}/"
        name = f"CC {terms} {version}{' ' + port if port else ''}"
        return LicenseView(license_id, name, url)
    if license_id.startswith("LicenseRef-"):
        return LicenseView(license_id, license_id.removeprefix("LicenseRef-").replace("-", " "), "")
    if " " in license_id or "(" in license_id:
        return LicenseView(license_id, license_id, "")
    # A plus stands for later versions, which have no page with this one.
    name = license_id.removesuffix("+")
    return LicenseView(license_id, license_id, f"https://spdx.org/licenses/{name}.html")
