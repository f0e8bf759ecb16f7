"""LanguageTool: agreement and article errors as evidence of substituted words."""
