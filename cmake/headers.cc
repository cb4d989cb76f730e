// Nothing: what the precompiled standard headers belong to.
