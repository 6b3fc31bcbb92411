#pragma once

#include <string>

namespace splitlane::training {

/// An aggregator that was reached.
struct ReachedAggregator {
  std::string authority;   ///< its certificate, PEM
  std::string local_host;  ///< under which this machine reaches it, with the brackets of an IPv6 address
};

/// Reads, in a TLS handshake in which nothing is trusted yet, the certificates that the node at the address shows, and
/// returns the one with this fingerprint (SHA-256, hexadecimal). Who then trusts that certificate alone talks to its
/// owner: nothing of a token's secret is sent before. Tries until it is reached, for `timeout_s`. Raises kUsage for
/// what is no TCP address, kFile where nothing answers in TLS, kInconsistent where no certificate has the fingerprint.
ReachedAggregator reach_aggregator(const std::string& address, const std::string& fingerprint, double timeout_s = 10);

}  // namespace splitlane::training
