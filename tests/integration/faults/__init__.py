"""Faults on real servers; each is a named test that ends with the ledger identity, without grace (``make faults``).

=====  ======================================================  ============================================
fault  what happens                                            test
=====  ======================================================  ============================================
F01    kill -9 of intake in mid-request                        test_f01_f02_intake_killed.py
F02    kill -9 between the commit and the answer               test_f01_f02_intake_killed.py
F03    kill -9 of a relay between publishing and its mark      test_f03_f04_f07_kills.py
F04    kill -9 of a worker between effect and offset           test_f03_f04_f07_kills.py
F05    kill -9 inside a transaction: there is none; between    test_f03_f04_f07_kills.py
       a version and its case it is F04
F06    the broker away, broken, half-closed                    test_f06_broker_down.py
F07    the broker comes back empty                             test_f06_broker_down.py, test_f03_f04_f07_...
F08    MongoDB killed, stopped, unreachable, refusing          test_f08_mongodb_down.py
F09    the connection breaks in mid-commit                     test_f09_lost_socket.py
F11    poison on the topics                                    test_f11_poison.py
F13    a handler slower than max_poll_interval                 test_f13_slow_handler.py
F16    a full disk: of mongod, of the outgoing folder          test_f16_full_disk.py
F18    SIGTERM under load                                      test_f18_sigterm.py
F21    to F26: bad input                                       tests/integration/bad_input
F29    restart with pending leases, a missing index, doubles   test_f29_restart.py
F33    settings missing, wrong, misspelt                       test_f33_configuration.py
=====  ======================================================  ============================================

``load.py`` has senders that try again until they have a receipt; ``tests/integration/rig.py`` the suite behind proxies.
"""
