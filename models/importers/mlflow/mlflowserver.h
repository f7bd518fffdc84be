#pragma once

#include "models/importers/mlflow/httpclient.h"
#include "models/importers/source.h"

#include <memory>
#include <string>
#include <string_view>

namespace countersign::importers {

struct MlflowServerOptions {
    HttpCredentials credentials;
    HttpLimits limits;
};

/// An MLflow tracking server (2.0 and later) over REST. `address` is what people copy from a browser: "http://host:5000",
/// "https://host/mlflow/#/models"; the API is looked for under its path and at the root. Where the server has workspaces, all that the
/// user may see are read. A search leaves out silently what the user may not read: the inventory then has less, and no error tells.
/// Nothing is contacted before the first reading. Invalid: not an http or https address, or one with a password in it.
Result<std::unique_ptr<Registry>> openMlflowServer(std::string_view address, MlflowServerOptions options = {});

} // namespace countersign::importers
