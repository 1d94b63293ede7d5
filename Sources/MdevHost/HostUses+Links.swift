// SPDX-License-Identifier: Apache-2.0

import MdevModel

extension HostUses {
  /// The network links in these places that are up.
  func links(in places: [String]) -> [HostUse] {
    let names = names(of: networks, in: places).filter(isUp)
    guard !names.isEmpty else { return [] }
    let routed = linksOfDefaultRoutes
    return names.map { name in
      if routed.contains(name) { return .link(name, .own) }
      let upper = uppers(of: name).first { routed.contains($0) }
      return .link(name, upper.map { .of($0) } ?? .none)
    }
  }

  /// Tells if a link is up, with a carrier or without (IFF_UP in include/uapi/linux/if.h).
  private func isUp(_ name: String) -> Bool {
    let flags = attribute("/sys/class/net/\(name)/flags").flatMap {
      Int($0.dropFirst(2), radix: 16)
    }
    return (flags ?? 0) & 1 != 0
  }

  /// The bridges, bonds and the like that a link belongs to, and what these belong to
  /// (`netdev_adjacent_sysfs_add` in net/core/dev.c).
  private func uppers(of name: String) -> [String] {
    let prefix = "upper_"
    var uppers: [String] = []
    var waiting = [name]
    while let lower = waiting.popLast() {
      let above = entries(of: root.path("/sys/class/net/\(lower)")).map(\.name)
        .filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.utf8.count)) }.sorted()
      for upper in above where !uppers.contains(upper) {
        uppers.append(upper)
        waiting.append(upper)
      }
    }
    return uppers
  }

  /// The links that a default route leads over, of IPv4 and IPv6 (net/ipv4/fib_trie.c,
  /// net/ipv6/route.c).
  private var linksOfDefaultRoutes: Set<String> {
    let nowhere = "00000000"
    let old = lines(of: "/proc/net/route").compactMap { line -> String? in
      let words = line.split { $0 == "\t" || $0 == " " }
      return words.count > 7 && words[1] == nowhere && words[7] == nowhere ? String(words[0]) : nil
    }
    let new = lines(of: "/proc/net/ipv6_route").compactMap { line -> String? in
      let words = line.split(separator: " ")
      guard words.count > 9, words[1] == "00", words[0].allSatisfy({ $0 == "0" }),
        // Not what says that there is no way (RTF_REJECT).
        let flags = UInt32(words[8], radix: 16), flags & 0x200 == 0
      else { return nil }
      return String(words[9])
    }
    return Set(old + new)
  }

  /// The lines that the kernel speaks on, and its screens if it speaks on one
  /// (`show_cons_active` in drivers/tty/tty_io.c).
  func consoles(in places: [String]) -> [HostUse] {
    let active = attribute("/sys/class/tty/console/active") ?? ""
    let names = Set(active.split(separator: " ").map { String($0) })
    guard !names.isEmpty else { return [] }
    var members = HostUses.members(ofClass: "tty", root).filter { names.contains($0.key) }
    if names.contains("tty0") {
      let screens = HostUses.members(ofClass: "graphics", root)
      members.merge(screens.filter { $0.key.hasPrefix("fb") }) { $1 }
    }
    return self.names(of: members, in: places).map { .console($0) }
  }
}
