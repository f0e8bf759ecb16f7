"""Every kind of copy: tokens -> features -> candidates -> verified pairs -> clusters -> keep."""
