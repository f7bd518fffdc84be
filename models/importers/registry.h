#pragma once

#include "models/importers/mlflow/httpclient.h"
#include "models/importers/source.h"

#include <memory>
#include <string>
#include <string_view>

namespace countersign::importers {

/// Opens what the text names, decided by its form: "http://…" or "https://…" an MLflow server, "postgresql://…" an MLflow
/// database, "sqlite:///…" or a file an MLflow SQLite database, a folder an MLflow file store ("mlruns"; "file://…" too).
/// The credentials serve a server (user, password, token) or PostgreSQL (password). Errors as those of the readers.
Result<std::unique_ptr<Registry>> openRegistry(std::string_view text, const HttpCredentials &credentials = {});

} // namespace countersign::importers
