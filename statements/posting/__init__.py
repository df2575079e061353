"""Room: what went out: publications, platform versions, promises, remedies, the public timeline."""
