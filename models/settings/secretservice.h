#pragma once

#include <chrono>

namespace countersign::settings {

/// What D-Bus says about the session's Secret Service (the freedesktop.org specification that GNOME Keyring and KWallet implement).
/// QtKeychain reports "something else went wrong" for most of these. Internal to models/settings.
enum class SecretServiceState {
    NoBus,     ///< no D-Bus session, or it does not answer
    NoService, ///< nobody provides org.freedesktop.secrets
    Locked,    ///< the default keyring is locked, or was never set up
    Ready,     ///< the default keyring is unlocked
};

/// Does this session look as if it had a D-Bus? Looks, but starts none.
bool hasSessionBus();

/// Asks; each of up to four questions waits up to the limit. Any thread.
SecretServiceState secretServiceState(std::chrono::milliseconds limit);

} // namespace countersign::settings
