"""What a table of settings is, and the one that says which copies are licensed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A table of `config.toml`: unknown keys are errors, values do not change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AllowSettings(Section):
    """Which copies are licensed: marked as such, and not alerted."""

    outlets: tuple[str, ...] = Field((), description="registered domains that may copy from all")
    pairs: tuple[str, ...] = Field(
        (), description="who may copy from whom, each as `agency.example > paper.example`"
    )
    canonical: bool = Field(
        True, description="a page that names the source's address as its canonical one is licensed"
    )
