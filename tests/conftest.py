"""What holds for every test: hypothesis has no deadline, for a machine that is busy is no defect of ours."""

from hypothesis import settings

settings.register_profile("dayzero", deadline=None)
settings.load_profile("dayzero")
