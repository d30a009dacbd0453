"""A HealthChain service whose handler does nothing; run by the Python of the environment that has HealthChain."""

import sys

import uvicorn
from healthchain.gateway.api import HealthChainAPI
from healthchain.gateway.cds import CDSHooksService
from healthchain.models import CDSRequest, CDSResponse

service = CDSHooksService()


@service.hook("patient-view", id="exercise-low-back-pain")  # type: ignore[untyped-decorator]
def nothing(request: CDSRequest) -> CDSResponse:
    """No cards."""
    return CDSResponse(cards=[])


app = HealthChainAPI()
app.register_service(service)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
