// Compiled once so that every module of this flavour can reuse the precompiled header.
