// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevPlanning

extension CardRefusal {
  /// The sentence about a card.
  func words(on card: PCIAddress) -> String {
    switch self {
    case .tooManyFunctions(let total):
      "card '\(card)' can have \(total) virtual functions, no more"
    case .allOrNone(let total):
      "card '\(card)' is NVIDIA's, whose driver makes all functions or none: give --functions \(total)"
    case .driverOfNVIDIA:
      "card '\(card)' is NVIDIA's, whose driver hands its functions to guests itself:"
        + " leave out --driver and --vram"
    case .noTypes:
      "card '\(card)' has no vGPU types, which only NVIDIA's have: give --functions and --driver"
    case .functionsUnknown:
      "card '\(card)' has no number of functions stored: give --functions as well"
    case .noFunction(let function): "card '\(card)' has no function '\(function)'"
    case .noFunctionNumber(let number): "card '\(card)' has no function of number \(number)"
    case .functionTwice(let function): "function '\(function)' is given two types"
    case .unknownType(let name, [], _):
      "card '\(card)' offers no type now, nor is '\(name)' stored for one of its functions"
    case .unknownType(let name, let possible, let isTyped):
      "card '\(card)' offers no type '\(name)' now; it offers \(CardRefusal.list(possible))"
        + (isTyped ? ", beside the types that its functions have" : "")
    case .ambiguousType(let name, let types):
      "'\(name)' may be any of \(CardRefusal.list(types)): give the number"
    case .tooFewFunctions(let type, let wanted, let possible):
      "card '\(card)' has functions for \(possible) of \(wanted) vGPUs of type \(type.label)"
    case .notReady(let function): "NVIDIA's driver says nothing of function '\(function)' yet"
    case .notOurs(let function, let type):
      "function '\(function)' has type \(type), which another program has given it:"
        + " let that take it away"
    case .inUse(let function, let users):
      "function '\(function)' is in use by \(users.phrase); stop that first"
    case .notOffered(let type, let function, []):
      "function '\(function)' can't be given type \(type.label): the driver offers it nothing,"
        + " so the card is full or has no GPU instance (MIG)"
    case .notOffered(let type, let function, let possible):
      "function '\(function)' can't be given type \(type.label) now;"
        + " it can be given \(CardRefusal.list(possible))"
    case .sizesMixed(let types):
      "card '\(card)' takes types of one size at a time, and \(CardRefusal.list(types)) differ:"
        + " give --mixed-sizes while no function has a type"
    case .noRoom(let needed, let there):
      "card '\(card)' has \(there) GB of memory for vGPUs, and these take \(needed) GB"
    case .functionsTyped(let functions):
      "the number of functions of card '\(card)' can't be changed while"
        + " \(CardRefusal.list(functions)) \(functions.count == 1 ? "has a type" : "have types")"
    case .functionsInUse(let users):
      "the number of functions of card '\(card)' can't be changed while "
        + users.sorted { $0.key < $1.key }
        .map { "'\($0.key)' is in use by \($0.value.phrase)" }.joined(separator: ", ")
    case .functionsUsedByHost(let functions):
      "functions of card '\(card)' are in use by this host: "
        + functions.map { used in
          "'\(used.function)' (\(used.uses.map(\.description).joined(separator: "; ")))"
        }.joined(separator: ", ") + "; end that first"
    case .nothingStored(let address):
      "nothing is stored for '\(address)', and 'mdevctl vgpu' has given it nothing"
    case .isFunction(let owner):
      "'\(card)' is a virtual function of card '\(owner)': name that"
    case .noCard(let address):
      "'\(address)' is no card that can have virtual functions, nor a function of one"
        + " ('mdevctl vgpu' lists those there are)"
    }
  }

  /// The way out, where an option is one.
  var hint: String? {
    switch self {
    case .functionsTyped: "'--force' gives the types up"
    case .functionsUsedByHost: "'--force' takes them all the same"
    default: nil
    }
  }

  private static func list(_ types: [VGPUType]) -> String {
    types.map { "\($0.label)" }.joined(separator: ", ")
  }

  private static func list(_ functions: [PCIAddress]) -> String {
    functions.map { "'\($0)'" }.joined(separator: ", ")
  }
}
