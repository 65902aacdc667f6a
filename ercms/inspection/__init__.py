"""Foreign files: judged by their content, written anew, and drawn page by page, always in a process of their own.

`kinds` says what is accepted. `pictures`, `pdf`, `pdf_pages`, `letters` do the work and run only in a limited child
process; `process` starts it. None of them knows a case, a person or a key.
"""
