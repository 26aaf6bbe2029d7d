#pragma once

namespace midflight::cli {

/// Overwrites the password of a connection URI where it stands, for the
/// arguments of a process are everybody's to read.
/// Scope: scheme://user:password@..., and every password=... and sslpassword=...,
///        as parameter of a URI or as keyword in any spelling that libpq reads;
///        the time before main() is not ours.
void hide_password(char* argument);

}  // namespace midflight::cli
