// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import SystemPackage
import TestSupport
import Testing

/// `docs/host.schema.json` and the program agree on what a host file is; the schema is read by
/// Debian's python3-jsonschema.
struct HostSchemaTests {
  /// Files that the schema allows and the program refuses, since a schema can't say it.
  private static let beyond = [
    "a member that is there twice": #"{"version":1,"owner":"a","owner":"b"}"#,
    "a card under two spellings": HostFileSamples.file(
      #""vgpus":{"0000:03:00.0":{},"03:00.0":{}}"#),
    "a function under two spellings": HostFileSamples.file(card: #""types":{"0":"a","00":"b"}"#),
    "a whole number with a fraction": #"{"version":1.0,"owner":"a"}"#,
    "a bit above 255": HostFileSamples.file(#""ap":{"aqmask":"0-256"}"#),
    "a range that ends before it begins": HostFileSamples.file(#""ap":{"aqmask":"7-5"}"#),
    "an octal number with an 8": HostFileSamples.file(#""ap":{"aqmask":"08"}"#),
    "a name of 256 bytes in fewer letters": HostFileSamples.file(
      device: #""name":"n","parent":"p","mdev_type":"\#(String(repeating: "ü", count: 128))""#),
  ]

  private static let owner = #"{"version":1,"owner":"\#(String(repeating: "x", count: 64))"}"#
  private static let device = #""name":"n","parent":"p","mdev_type":"t""#

  private static let accepted =
    [
      HostFileSamples.whole, owner, #"{"owner":"w","devices":[],"ap":{},"vgpus":{},"version":1}"#,
      HostFileSamples.file(#""ap":{"apmask":"0x10-0X1f,5,020","aqmask":"0x\#(zeros)"}"#),
      HostFileSamples.file(
        #""drivers":{"usb/1-1":"vfio-pci","pci/3:0.7":"a b","css/0.0.0313":"x"}"#),
      HostFileSamples.file(#""drivers":{"ap/5.4":"vfio_ap","ap/ff.00fF":"none"}"#),
      HostFileSamples.file(#""vgpus":{"3:1f.7":{"vram_quota":9223372036854775807}}"#),
      HostFileSamples.file(card: #""types":{"00":"+7","00000001:3:0.1":"-","7":"0x1"}"#),
      HostFileSamples.file(device: #""uuid":"\#(uuid)","parent":"...","mdev_type":"ü""#),
      HostFileSamples.file(device: #"\#(device),"uuid":"\#(uuid)","attrs":[]"#),
      HostFileSamples.file(device: #"\#(device),"count":65536,"start":"manual","note":"""#),
    ]
    + ["a", "..a", "a/...", "a b/\\n"].map {
      HostFileSamples.file(device: #"\#(device),"attrs":[{"\#($0)":""}]"#)
    }
    + [uuid.uppercased(), bare, "{\(bare)}", "{\(uuid)}", "URN:uuid:\(uuid)"].map {
      HostFileSamples.file(device: #"\#(device),"uuid":"\#($0)""#)
    }

  /// What HostFileSamples does not have, since they are of one kind.
  private static let refused =
    ["/a", "a/", "a//b", ".", "..", "a/..", "../a", "./a", ""].map {
      HostFileSamples.file(device: #"\#(device),"attrs":[{"\#($0)":""}]"#)
    }
    + ["", ".", "..", "css/dev:", "css/dev:..", "css/dev:a/b", "css/0.0.0313"].map {
      HostFileSamples.file(device: #""name":"n","parent":"\#($0)","mdev_type":"t""#)
    }
    + ["", bare + "0", "{\(uuid)", "\(uuid)}", "urn:uuid:\(bare)", "{urn:uuid:\(uuid)}"].map {
      HostFileSamples.file(device: #"\#(device),"uuid":"\#($0)""#)
    }
    + [
      "a", "/", "pci/", "/a", "./a", "../a", "a/.", "a/b/c", "css/dev:", "css/dev:.", "ap/", "ap/5",
      "ap/100.0", "ap/5.4,6", "ap/5.4-6", "ap/x.y",
    ].map { HostFileSamples.file(#""drivers":{"\#($0)":"vfio-pci"}"#) }
    + ["", "3:0", "3:20.0", "3:0.8", "123456789:3:0.0", "3:001.0", " 3:0.0", "g:0.0"].map {
      HostFileSamples.file(#""vgpus":{"\#($0)":{}}"#)
    }
    + ["", "-1", "+1", "1.", "x"].map { HostFileSamples.file(card: #""types":{"\#($0)":"a"}"#) }
    + ["0", "00", "-0", "+0", "-7", ""].map {
      HostFileSamples.file(card: #""types":{"0":"\#($0)"}"#)
    }
    + ["-", "5-", "-5", "5,", ",", "0x", "1-2-3", " 5", "0xg", "all"].map {
      HostFileSamples.file(#""ap":{"apmask":"\#($0)"}"#)
    }

  private static let uuid = HostFileSamples.uuid
  private static let bare = uuid.filter { $0 != "-" }
  private static let zeros = String(repeating: "0", count: 64)

  @Test func `the schema allows what the program takes`() async throws {
    for (file, isValid) in zip(Self.accepted, try await Self.validated(Self.accepted)) {
      #expect(try Self.isTaken(file) && isValid, "\(file)")
    }
  }

  @Test func `the schema refuses what the program refuses`() async throws {
    let files = (HostFileSamples.refused.map(\.0) + Self.refused)
      .filter { !Self.beyond.values.contains($0) }
    for (file, isValid) in zip(files, try await Self.validated(files)) {
      #expect(try !Self.isTaken(file) && !isValid, "\(file)")
    }
  }

  @Test func `what the schema can't say is refused all the same`() async throws {
    let files = Self.beyond.sorted { $0.key < $1.key }
    for (file, isValid) in zip(files, try await Self.validated(files.map(\.value))) {
      #expect(try !Self.isTaken(file.value) && isValid, "\(file.key)")
    }
  }

  /// Each value of a file becomes one of each kind, each member goes, and each object gets one more.
  @Test func `the two agree on a file that is wrong in one place`() async throws {
    let whole = try JSONValue(parsing: Array(HostFileSamples.whole.utf8))
    let files = Self.variants(of: whole).map { $0.text(.compact) }.filter { $0.first == "{" }
    try #require(files.count > 500)
    var taken = 0
    for (file, isValid) in zip(files, try await Self.validated(files)) {
      let isTaken = try Self.isTaken(file)
      if isTaken { taken += 1 }
      #expect(isTaken == isValid, "\(file)")
    }
    #expect(taken > 50 && taken < files.count / 2)
  }

  private static func variants(of value: JSONValue) -> [JSONValue] {
    var variants: [JSONValue] = [
      .null, .boolean(true), .integer(0), .integer(2), .integer(70_000), .real(0.5), .string(""),
      .string("a"), .string("a/b"), .array([]), .array([.string("a")]), .object([]),
      .object([JSONValue.Member("a", .string("b"))]),
    ]
    switch value {
    case .array(let elements):
      for index in elements.indices {
        variants += Self.variants(of: elements[index]).map { variant in
          var elements = elements
          elements[index] = variant
          return .array(elements)
        }
      }
    case .object(let members):
      variants.append(.object(members + [JSONValue.Member("more", .string("a"))]))
      for index in members.indices {
        var fewer = members
        fewer.remove(at: index)
        variants.append(.object(fewer))
        variants += Self.variants(of: members[index].value).map { variant in
          var members = members
          members[index] = JSONValue.Member(members[index].name, variant)
          return .object(members)
        }
      }
    default: break
    }
    return variants
  }

  // MARK: - The two readers

  private static func isTaken(_ file: String) throws -> Bool {
    do {
      _ = try HostFile(json: JSONValue(parsing: Array(file.utf8), refusingDuplicates: true))
      return true
    } catch is MemberError {
      return false
    } catch JSONError.syntax(_, _, let reason) where reason.hasPrefix("duplicate") {
      return false
    }
  }

  /// The validator's word on each file.
  private static func validated(_ files: [String]) async throws -> [Bool] {
    let script = """
      import json, sys
      from jsonschema import Draft202012Validator
      schema = json.load(open(sys.argv[1]))
      Draft202012Validator.check_schema(schema)
      validator = Draft202012Validator(schema)
      for line in sys.stdin:
          print("valid" if validator.is_valid(json.loads(line)) else "invalid")
      """
    let result = try await runProgram(
      "/usr/bin/python3",
      ["-c", script, projectDirectory.appending("docs/host.schema.json").string],
      input: files.map { $0 + "\n" }.joined())
    try #require(result.status == 0, "\(result)")
    let words = result.output.split(separator: "\n")
    try #require(words.count == files.count, "\(result)")
    return words.map { $0 == "valid" }
  }
}
