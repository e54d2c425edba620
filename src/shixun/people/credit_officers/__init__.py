"""学分工作负责人 (RW-04): who answers for the credits of a school, since which day; never two at a time."""
