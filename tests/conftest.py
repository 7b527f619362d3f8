"""One Chromium for all tests of a run."""

import os

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.lab import NoBrowserError, open_chromium


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        try:
            browser = open_chromium(playwright)
        except NoBrowserError as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(error))
        yield browser
        browser.close()
