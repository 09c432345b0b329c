"""What a process may do no more: the fences of Linux' kernel, put up by the process itself.

Whoever takes over what reads a file from outside should find nothing there to take, and no way out.
Apart and the program itself come in.

The kernel's own calls and no library: they never change (four of them, in 150 lines), what wraps
them on PyPI is a draft, years or weeks old, or starts programs to find a library that slim systems
lack; and this has to cost milliseconds. So nothing else of kamxl is imported here.
"""
