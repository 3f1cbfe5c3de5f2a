"""Documents that come over HTTP: checked first, and published only when somebody says so."""

from api.importing.desk import ImportDesk
from api.importing.results import Import, ImportedFile, ImportState, Progress, Upload

__all__ = ["Import", "ImportDesk", "ImportState", "ImportedFile", "Progress", "Upload"]
