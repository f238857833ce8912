"""Bad input over real HTTP into the whole suite on real servers: never a 500, nothing half-written, nothing lost.

=====  =====================================================  ==========================================
fault  what is sent                                           test
=====  =====================================================  ==========================================
F21    many reports, one of them bad                          test_f21_one_bad_among_many.py
F22    the same again, in other order, follow-up first        test_f22_repeats.py
F23    XML attacks: no XML is taken yet, so all are 415       test_refused_bodies.py::xml
F24    20 MB, gzip bomb, false lengths, endless, slow         test_f24_size_and_pace.py
F25    encodings, NUL, surrogates, numbers, names, depth      test_f25_encodings.py, test_refused_bodies.py
F26    contradictions and improbabilities                     test_f26_contradictions.py
1.2.4  ``{"$ne": 1}`` in every place, header and parameter    test_operators.py
=====  =====================================================  ==========================================

After every test the ledger identity holds without grace (conftest.py).
"""
