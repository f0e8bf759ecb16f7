"""What a table of settings is, and the one that says which copies are licensed."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Section(BaseModel):
    """A table of `config.toml`: unknown keys are errors, values do not change after loading.

    `renamed` says what settings are called that had another name before; by that they are still
    read, as from the record of an older result.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    renamed: ClassVar[dict[str, str]] = {}

    @model_validator(mode="before")
    @classmethod
    def _by_new_names(cls, values: Any) -> Any:  # noqa: ANN401 - whatever was given
        if not isinstance(values, dict):
            return values
        return {cls.renamed.get(key, key): value for key, value in values.items()}


class AllowSettings(Section):
    """Which copies are licensed: marked as such, and not alerted."""

    outlets: tuple[str, ...] = Field((), description="registered domains that may copy from all")
    pairs: tuple[str, ...] = Field(
        (), description="who may copy from whom, each as `agency.example > paper.example`"
    )
    canonical: bool = Field(
        True, description="a page that names the source's address as its canonical one is licensed"
    )
