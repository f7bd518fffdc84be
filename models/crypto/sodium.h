#pragma once

/// Internal to models/crypto.
namespace countersign::crypto {

/// Makes libsodium ready, once per process; any thread. Aborts where it cannot: nothing here would be safe.
void needSodium();

} // namespace countersign::crypto
