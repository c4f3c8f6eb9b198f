"""Plain words for articles of law: legal bases, exceptions and ways out of secrecy."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.policy.laws import WayOut

LAWS: Mapping[str, LazyString] = {
    "AVG_5_2": _("GDPR 5(2) (accountability)"),
    "AVG_32": _("GDPR 32 (security)"),
    "AVG_39": _("GDPR 39 (data protection officer)"),
    "AVG_6_1_b": _("GDPR 6(1)(b) (contract)"),
    "AVG_6_1_c": _("GDPR 6(1)(c) (legal duty)"),
    "AVG_6_1_d": _("GDPR 6(1)(d) (vital interest)"),
    "AVG_6_1_e": _("GDPR 6(1)(e) (public task)"),
    "AVG_6_1_f": _("GDPR 6(1)(f) (legitimate interest)"),
    "WPG_16": _("Police Data Act 16"),
    "WPG_18": _("Police Data Act 18 (designated bodies)"),
    "WPG_19": _("Police Data Act 19 (incidental)"),
    "WPG_20": _("Police Data Act 20 (partnership)"),
    "WJSG_39F": _("Judicial Data Act 39f"),
    "JEUGDWET_2_1": _("Youth Act 2.1"),
    "JEUGDWET_2_1_TO_2_6": _("Youth Act 2.1-2.6"),
    "JEUGDWET_2_4": _("Youth Act 2.4"),
    "JEUGDWET_MEASURE": _("the measure under the Youth Act"),
    "WMO_2_1_1": _("Social Support Act 2.1.1"),
    "WMO_4_1_1": _("Social Support Act 4.1.1"),
    "WMO_5_1_6": _("Social Support Act 5.1.6"),
    "GEMEENTEWET_172": _("Municipalities Act 172"),
    "POLITIEWET_3": _("Police Act 3"),
    "PROSECUTION_TASK": _("own task of the prosecution"),
    "SR_77E": _("Criminal Code 77e"),
    "RECLASSERINGSREGELING": _("Probation Regulations"),
    "BW_1_238_TO_243": _("Civil Code 1:238-243"),
    "LEERPLICHTWET": _("Compulsory Education Act"),
    "RMC": _("task of early school leaving registration"),
    "SUBSIDY_TASK": _("task in the subsidy"),
    "PBW": _("Prisons Act"),
    "BJJ": _("Youth Custody Act"),
    "WGSH": _("Municipal Debt Counselling Act"),
}
EXCEPTIONS: Mapping[str, LazyString] = {
    "UAVG_22_2_a": _("GDPR Implementation Act 22(2)(a) (explicit consent)"),
    "UAVG_30_2_a": _("GDPR Implementation Act 30(2)(a) (schools)"),
    "UAVG_30_2_b": _("GDPR Implementation Act 30(2)(b) (protection and probation)"),
    "UAVG_30_3": _("GDPR Implementation Act 30(3) (care)"),
    "UAVG_33": _("GDPR Implementation Act 33 (criminal data)"),
    "UAVG_33_1_a": _("GDPR Implementation Act 33(1)(a) (criminal data)"),
    "WMO_5_1_6": LAWS["WMO_5_1_6"],
    "WPG_5": _("Police Data Act 5 (special data)"),
    "BJSG": _("Judicial Data Decree"),
    "OPEN": _("no article found yet"),
}
WAYS_OUT: Mapping[str, LazyString] = {
    WayOut.NONE_NEEDED: _("none needed"),
    WayOut.RELEASE: _("a release that the professional confirmed"),
    WayOut.DISCLOSURE_DECISION: _("the disclosure decision"),
    WayOut.OWN_TASK: _("own task by law"),
    WayOut.OWN_ASSESSMENT: _("own assessment (Social Support Act 4.1.1)"),
    WayOut.JEUGDWET_7_3_11: _("Youth Act 7.3.11, within the measure"),
}
