"""What a receiver that thinks in E2B(R2) calls an element (ICH's R2 to R3 mapping): tag, R2 number, R3 element id.

Only names that answers are known to use; words that are English too (serious, duplicate, qualification) stand with
their number alone.
"""

from __future__ import annotations

_TABLE = """
messagenumb - N.1.2
messagesenderidentifier - N.1.3
messagereceiveridentifier - N.1.4
messagedate - N.1.5
safetyreportid A.1.0.1 C.1.1
transmissiondate A.1.3b C.1.2
reporttype A.1.4 C.1.3
receivedate A.1.6b C.1.4
receiptdate A.1.7b C.1.5
additionaldocument A.1.8.1 C.1.6.1
documentlist A.1.8.2 C.1.6.1.r.1
fulfillexpeditecriteria A.1.9 C.1.7
authoritynumb A.1.10.1 C.1.8.1
companynumb A.1.10.2 C.1.8.1
- A.1.11 C.1.9.1
duplicatesource A.1.11.1 C.1.9.1.r.1
duplicatenumb A.1.11.2 C.1.9.1.r.2
linkreportnumb A.1.12 C.1.10.r
casenullification A.1.13 C.1.11.1
nullificationreason A.1.13.1 C.1.11.2
reportertitle A.2.1.1a C.2.r.1.1
reportergivename A.2.1.1b C.2.r.1.2
reportermiddlename A.2.1.1c C.2.r.1.3
reporterfamilyname A.2.1.1d C.2.r.1.4
reporterorganization A.2.1.2a C.2.r.2.1
reporterdepartment A.2.1.2b C.2.r.2.2
reporterstreet A.2.1.2c C.2.r.2.3
reportercity A.2.1.2d C.2.r.2.4
reporterstate A.2.1.2e C.2.r.2.5
reporterpostcode A.2.1.2f C.2.r.2.6
reportercountry A.2.1.3 C.2.r.3
primarysourcecountry A.1.1 C.2.r.3
- A.2.1.4 C.2.r.4
sendertype A.3.1.1 C.3.1
senderorganization A.3.1.2 C.3.2
senderdepartment A.3.1.3a C.3.3.1
sendertitle A.3.1.3b C.3.3.2
sendergivename A.3.1.3c C.3.3.3
sendermiddlename A.3.1.3d C.3.3.4
senderfamilyname A.3.1.3e C.3.3.5
senderstreetaddress A.3.1.4a C.3.4.1
sendercity A.3.1.4b C.3.4.2
senderstate A.3.1.4c C.3.4.3
senderpostcode A.3.1.4d C.3.4.4
sendercountrycode A.3.1.4e C.3.4.5
senderemailaddress A.3.1.4l C.3.4.8
literaturereference A.2.2 C.4.r.1
studyname A.2.3.1 C.5.2
sponsorstudynumb A.2.3.2 C.5.3
observestudytype A.2.3.3 C.5.4
patientinitial B.1.1 D.1
patientbirthdate B.1.2.1b D.2.1
patientonsetage B.1.2.2a D.2.2a
patientonsetageunit B.1.2.2b D.2.2b
patientagegroup B.1.2.3 D.2.3
patientweight B.1.3 D.3
patientheight B.1.4 D.4
patientsex B.1.5 D.5
patientmedicalhistorytext B.1.7.2 D.7.2
patientdeathdate B.1.9.1b D.9.1
patientautopsyyesno B.1.9.3 D.9.3
primarysourcereaction B.2.i.0 E.i.1.1a
reactionmeddraversionllt B.2.i.1.a E.i.2.1a
reactionmeddrallt B.2.i.1.b E.i.2.1b
termhighlighted B.2.i.3 E.i.3.1
seriousnessdeath A.1.5.2a E.i.3.2a
seriousnesslifethreatening A.1.5.2b E.i.3.2b
seriousnesshospitalization A.1.5.2c E.i.3.2c
seriousnessdisabling A.1.5.2d E.i.3.2d
seriousnesscongenitalanomali A.1.5.2e E.i.3.2e
seriousnessother A.1.5.2f E.i.3.2f
reactionstartdate B.2.i.4b E.i.4
reactionenddate B.2.i.5b E.i.5
reactionoutcome B.2.i.8 E.i.7
medicallyconfirm A.1.14 E.i.8
occurcountry A.1.2 E.i.9
drugcharacterization B.4.k.1 G.k.1
medicinalproduct B.4.k.2.1 G.k.2.2
activesubstancename B.4.k.2.2 G.k.2.3.r.1
obtaindrugcountry B.4.k.2.3 G.k.2.4
drugauthorizationnumb B.4.k.4.1 G.k.3.1
drugauthorizationcountry B.4.k.4.2 G.k.3.2
drugauthorizationholder B.4.k.4.3 G.k.3.3
drugstructuredosagenumb B.4.k.5.1 G.k.4.r.1a
drugstructuredosageunit B.4.k.5.2 G.k.4.r.1b
drugbatchnumb B.4.k.3 G.k.4.r.7
drugdosagetext B.4.k.6 G.k.4.r.8
drugdosageform B.4.k.7 G.k.4.r.9.1
drugadministrationroute B.4.k.8 G.k.4.r.10.2b
drugstartdate B.4.k.12b G.k.4.r.4
drugenddate B.4.k.14b G.k.4.r.5
drugindicationmeddraversion B.4.k.11a G.k.7.r.2a
drugindication B.4.k.11b G.k.7.r.2b
actiondrug B.4.k.16 G.k.8
narrativeincludeclinical B.5.1 H.1
reportercomment B.5.2 H.2
senderdiagnosis B.5.3b H.3.r.1b
sendercomment B.5.4 H.4
"""

_ROWS = [line.split() for line in _TABLE.strip().splitlines()]

R3_OF_R2 = {name: row[2] for row in _ROWS for name in row[:2] if name != "-"}
