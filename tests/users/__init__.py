"""kamxl as normal users run it, one and several: what root may do says nothing about them."""
