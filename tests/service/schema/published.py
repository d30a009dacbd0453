"""What the examples of the CDS Hooks specification look like, member for member, with values of our own."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

DISCOVERY: Final[Json] = {
    "services": [
        {
            "hook": "patient-view",
            "title": "Greeter",
            "description": "Greets the patient",
            "id": "greeter",
            "prefetch": {"patientToGreet": "Patient/{{context.patientId}}"},
        },
        {
            "hook": "order-select",
            "title": "Echo",
            "description": "Repeats an order",
            "id": "echo",
            "prefetch": {
                "patient": "Patient/{{context.patientId}}",
                "medications": "MedicationRequest?patient={{context.patientId}}",
                "user": "Practitioner/{{userPractitionerId}}",
            },
            "version": "2.0.1",
            "hookVersion": "1.0",
            "extension": {"org.example.department": "orders"},
        },
        {
            "hook": "order-sign",
            "title": "Genes",
            "description": "Looks at genes",
            "id": "genes",
            "usageRequirements": "Access to a FHIR server.",
        },
    ]
}

PATIENT_VIEW: Final[Json] = {
    "hookInstance": "3c6f1f5a-9d0e-4d43-9a53-52a1f0f7d7aa",
    "fhirServer": "http://fhir.example.org:9080",
    "hook": "patient-view",
    "fhirAuthorization": {
        "access_token": "an-opaque-token",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "user/Patient.read user/Observation.read",
        "subject": "our-service",
    },
    "context": {"userId": "Practitioner/example", "patientId": "1288992", "encounterId": "89284"},
    "prefetch": {
        "patientToGreet": {"resourceType": "Patient", "gender": "male", "birthDate": "1925-12-23", "id": "1288992"}
    },
}

WITH_PATIENT_SCOPE: Final[Json] = {
    **PATIENT_VIEW,
    "fhirAuthorization": {
        **PATIENT_VIEW["fhirAuthorization"],
        "scope": "patient/Patient.read patient/Observation.read",
        "patient": "1288992",
    },
    "prefetch": {"a": None, "b": {"resourceType": "OperationOutcome", "issue": []}, "c": {"resourceType": "Bundle"}},
    "extension": {"com.example.timestamp": "2026-11-22T10:05:31Z", "com.example.parameter": {"used": [1, 2]}},
}

ENCOUNTER_START: Final[Json] = {
    "hookInstance": "3c6f1f5a-9d0e-4d43-9a53-52a1f0f7d7aa",
    "hook": "encounter-start",
    "context": {"userId": "PractitionerRole/A2340113", "patientId": "1288992", "encounterId": "456"},
}

APPOINTMENT_BOOK: Final[Json] = {
    "hookInstance": "3c6f1f5a-9d0e-4d43-9a53-52a1f0f7d7aa",
    "hook": "appointment-book",
    "context": {
        "userId": "PractitionerRole/A2340113",
        "patientId": "1288992",
        "appointments": [{"resourceType": "Appointment", "id": "apt1", "status": "proposed"}],
    },
}

SUBMIT: Final[Json] = {
    "hookInstance": "a-client-that-has-no-uuids",
    "hook": "org.cds-rules.questionnaireresponse-submit",
    "context": {
        "patientId": "1288992",
        "userId": "Patient/1288992",
        "questionnaireResponse": {"resourceType": "QuestionnaireResponse", "status": "completed"},
    },
}
"""Not published: our own hook."""

RESPONSE: Final[Json] = {
    "cards": [
        {
            "uuid": "0b5b7a0a-6f0e-4d4e-8a53-3f3c9a3f6c11",
            "summary": "A card",
            "indicator": "info",
            "detail": "Some *more* about it.",
            "source": {
                "label": "Our service",
                "url": "https://example.com",
                "icon": "https://example.com/icon.png",
                "topic": {"system": "http://example.org/topics", "code": "t1", "display": "A topic"},
            },
            "links": [
                {"label": "A page", "url": "https://example.com/page", "type": "absolute"},
                {"label": "An app", "url": "https://a.example.com/launch", "type": "smart", "appContext": '{"a": 1}'},
                {"label": "Another", "url": "https://example.com/b", "type": "absolute", "autolaunchable": True},
            ],
        },
        {
            "summary": "Another card",
            "indicator": "warning",
            "source": {"label": "Our service"},
            "overrideReasons": [
                {"code": "refused", "system": "http://example.org/reasons", "display": "Patient refused"},
            ],
            "selectionBehavior": "at-most-one",
            "suggestions": [
                {
                    "label": "Paracetamol",
                    "uuid": "1b5b7a0a-6f0e-4d4e-8a53-3f3c9a3f6c11",
                    "isRecommended": True,
                    "actions": [
                        {
                            "type": "create",
                            "description": "Prescribe",
                            "resource": {"resourceType": "MedicationRequest", "status": "draft"},
                        },
                        {
                            "type": "update",
                            "description": "Note it",
                            "resource": {"resourceType": "ServiceRequest", "id": "pr-1"},
                        },
                        {"type": "delete", "description": "Remove", "resourceId": "ServiceRequest/pr-2"},
                    ],
                },
                {"label": "Nothing", "isRecommended": False},
            ],
            "extension": {"org.example.rank": 0},
        },
    ],
    "extension": {"org.example.model": {"name": "m"}},
}

FEEDBACK: Final[Json] = {
    "feedback": [
        {
            "card": "0b5b7a0a-6f0e-4d4e-8a53-3f3c9a3f6c11",
            "outcome": "accepted",
            "acceptedSuggestions": [{"id": "1b5b7a0a-6f0e-4d4e-8a53-3f3c9a3f6c11"}],
            "outcomeTimestamp": "2021-12-11T10:05:31Z",
        },
        {
            "card": "0b5b7a0a-6f0e-4d4e-8a53-3f3c9a3f6c11",
            "outcome": "overridden",
            "overrideReason": {
                "reason": {"code": "refused", "system": "https://example.org/reasons"},
                "userComment": "A comment.",
            },
            "outcomeTimestamp": "1985-04-12T23:20:50.52Z",
        },
        {
            "card": "0b5b7a0a-6f0e-4d4e-8a53-3f3c9a3f6c11",
            "outcome": "overridden",
            "outcomeTimestamp": "2020-12-11T00:00:00Z",
        },
    ]
}

OUTCOME: Final[Json] = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "required", "diagnostics": "Add it.", "expression": ["context"]}],
}
"""Not published: an error of this service."""

EXAMPLES: Final[dict[str, tuple[str, Json]]] = {
    "discovery": ("discovery.json", DISCOVERY),
    "patient-view": ("request.patient-view.json", PATIENT_VIEW),
    "patient-scope": ("request.patient-view.json", WITH_PATIENT_SCOPE),
    "encounter-start": ("request.encounter-start.json", ENCOUNTER_START),
    "appointment-book": ("request.appointment-book.json", APPOINTMENT_BOOK),
    "submit": ("request.questionnaireresponse-submit.json", SUBMIT),
    "response": ("response.json", RESPONSE),
    "feedback": ("feedback.json", FEEDBACK),
    "outcome": ("operation-outcome.json", OUTCOME),
}
"""Name of an example to the schema that it meets, and the example."""
