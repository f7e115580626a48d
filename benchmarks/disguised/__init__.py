"""Makes labelled listings in which names are disguised by tables that others collected."""
