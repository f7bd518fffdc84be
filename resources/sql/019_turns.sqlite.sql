-- What speaks against a version: rejections, and signatures taken back.
CREATE INDEX signoff_objection ON signoff (version) WHERE decision <> 0 OR withdrawal IS NOT NULL
