"""The page in a real browser: Debian's chromium, driven by Playwright; skipped where one of them is missing.

A package, so that its tests share a browser which ends with them: Playwright leaves an event loop running in the
process, beside which no other test could start one.
"""
