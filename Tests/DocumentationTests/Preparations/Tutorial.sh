# The reader has nothing but the machine.
