# Public keys of the people who administer the hosts. docs/install.md, step 1: put yours here.
[ ]
