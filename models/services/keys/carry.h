#pragma once

#include "models/services/workspace/session.h"

/// Where a person's key opens, and how it comes to a second computer.
///
/// A key is kept in the workspace, encrypted. Where the computer has a keychain, opening it takes the passphrase and a
/// secret that only this keychain has: a copy of the workspace is then of no use to somebody who guesses passphrases,
/// but the key also opens on this computer alone. So that its owner can sign elsewhere, carryKey() keeps one more copy
/// under the passphrase and eight words, which are told once and written nowhere; fetchKey() on the other computer
/// takes it, keeps it as that computer keeps keys, and removes the copy. Who loses the keychain of the only computer
/// has lost the key: it is revoked, and another one enrolled. Without a keychain the passphrase alone opens the key,
/// everywhere; that is said where it is done, and in the entry that enrols the key.
namespace countersign::services {

enum class KeyPlace {
    ThisComputer, ///< passphrase and keychain
    Everywhere,   ///< the passphrase alone: this session has no keychain
};

/// Keeps a copy that opens, within a day, with the passphrase and these words. One at a time. Errors as
/// Session::unlock.
Result<std::string> carryKey(Session &session, const Person &person, const crypto::Secret &passphrase);
/// Takes the copy to this computer. NotFound: there is none, or it is older than a day. Denied: other words or another
/// passphrase; counts as an attempt. Invalid: no words.
Result<KeyPlace> fetchKey(Session &session, const Person &person, const std::string &words,
                          const crypto::Secret &passphrase);

/// "" or what is added to how identity was checked, so that the signed entry says it: the key opens with the passphrase
/// alone.
std::string placeRemark(KeyPlace place);

} // namespace countersign::services
