// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Advance, Checkpoint, End, Enrolment, Grant, KeyChange, Revoke, Suspension} from "../RequestTypes.sol";
import {IConsent} from "../interfaces/IConsent.sol";
import {IEvidence} from "../interfaces/IEvidence.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Trees} from "./Trees.t.sol";
import {World} from "./World.t.sol";

/// Everyone at once, honest and not: sends requests of every kind signed by whoever the fuzzer picks, and keeps a
/// model of what the contracts should have made of them. A request must be taken exactly where the model says so.
contract Actors is World, Trees {
    struct Made {
        Grant opening;
        bytes32 digest;
        bool ended;
    }

    bytes32 internal constant LOG = keccak256("log");

    /// Whoever may be, or become, a party; the first is the patient.
    uint256[] public keys;
    mapping(address id => bool) public isParty;
    mapping(address id => bool) public isSuspended;
    mapping(address id => uint64) public standingOf;
    mapping(address id => uint64) public changeOf;
    mapping(address id => uint256) public keyOf;
    Made[] private _made;
    mapping(bytes32 digest => uint256) public timesTaken;
    uint64 public epoch = 1;
    bytes32[] private _entries;
    uint256 public logSize;
    uint64 private _now = NOW;

    constructor() {
        World.setUp();
        for (uint256 i; i < 6; ++i) keys.push(0x5EED + i);
        keys[0] = PATIENT_KEY;
        keys[1] = DOCTOR_KEY;
        for (uint256 i; i < keys.length; ++i) {
            isParty[vm.addr(keys[i])] = i < 2;
            keyOf[vm.addr(keys[i])] = keys[i];
        }
    }

    function setUp() public override {}

    function theRegistry() external view returns (IRegistry) {
        return registry;
    }

    function theConsent() external view returns (IConsent) {
        return consent;
    }

    function theEvidence() external view returns (IEvidence) {
        return evidence;
    }

    function theHandle() external pure returns (bytes32) {
        return HANDLE;
    }

    function made() external view returns (Made[] memory) {
        return _made;
    }

    function logRoot() external view returns (bytes32) {
        return logSize == 0 ? bytes32(0) : rootOf(_entries, logSize);
    }

    // The calls of the fuzzer

    function wait_(uint256 seconds_) external {
        _now += uint64(within(seconds_, 1, 10 days));
        vm.warp(_now);
    }

    function enrolSomeone(uint256 who, uint256 signers) external {
        vm.warp(_now);
        address id = pickParty(who);
        bool may_ = isQuorum(signers, authorityKeys) && !isParty[id];
        bool done = enrol(withDeadline(id), signersOf(signers, authorityKeys)) == 0;
        so(done == may_, "enrol");
        if (done) isParty[id] = true;
    }

    function suspendSomeone(uint256 who, bool suspended, uint256 number, uint256 signers) external {
        vm.warp(_now);
        address id = pickParty(who);
        uint64 change = standingOf[id] + uint64(within(number, 0, 3)) / 2;
        bool may_ = isQuorum(signers, authorityKeys) && isParty[id] && change == standingOf[id] + 1;
        Suspension memory request = Suspension(id, suspended, change, _now);
        so((suspend(request, signersOf(signers, authorityKeys)) == 0) == may_, "suspend");
        if (may_) (isSuspended[id], standingOf[id]) = (suspended, change);
    }

    function changeSomeonesKey(uint256 who, uint256 by, uint256 fresh) external {
        vm.warp(_now);
        address id = pickParty(who);
        uint256 key = within(fresh, 1 << 64, 1 << 96);
        uint256 signer = keyOf[pickParty(by)];
        bool may_ = isParty[id] && !isSuspended[id] && signer == keyOf[id];
        KeyChange memory request = KeyChange(id, vm.addr(key), 0, changeOf[id] + 1, _now);
        // A fresh key that was drawn before may be another's; the model leaves that to the tests of keys.
        if (registry.party(vm.addr(key)).role != 0) return;
        bool done = changeKey(request, signer, key) == 0;
        so(!done || may_, "key");
        if (done) (keyOf[id], changeOf[id]) = (key, changeOf[id] + 1);
    }

    function grantSomething(uint256 by, uint256 to, uint64 from, uint64 length, uint8 salt) external {
        vm.warp(_now);
        Grant memory grant_ = opening(pickParty(to));
        grant_.terms.salt = bytes16(uint128(salt % 4));
        grant_.terms.from = _now + (from % 5 days);
        grant_.terms.until = grant_.terms.from + (length % 20 days);
        grant_.deadline = _now;
        uint256 key = keyOf[pickParty(by)];
        bytes32 digest = grantDigest(grant_);
        bool may_ = key == keyOf[patient] && !isSuspended[patient] && timesTaken[digest] == 0;
        bool done = grant(requestOf(grant_), key) == 0;
        so(done == may_, "grant");
        if (!done) return;
        ++timesTaken[digest];
        _made.push(Made(grant_, digest, false));
    }

    function sendAgain(uint256 which, uint256 by) external {
        if (_made.length == 0) return;
        Made storage old = _made[which % _made.length];
        so(grant(requestOf(old.opening), keyOf[pickParty(by)]) != 0, "again");
    }

    function revokeSomething(uint256 by, uint256 which, uint256 number) external {
        if (_made.length == 0) return;
        vm.warp(_now);
        Made storage old = _made[which % _made.length];
        uint256 key = keyOf[pickParty(by)];
        uint64 next = epoch + uint64(within(number, 0, 3)) / 2;
        bool may_ = key == keyOf[patient] && !isSuspended[patient] && !old.ended;
        may_ = may_ && next == epoch + 1 && next <= consent.lastEpochOf(HANDLE);
        so((revoke(Revoke(HANDLE, old.digest, next, 0, _now), key) == 0) == may_, "revoke");
        if (may_) (old.ended, epoch) = (true, next);
    }

    function endSomething(uint256 by, uint256 which) external {
        if (_made.length == 0) return;
        vm.warp(_now);
        Made storage old = _made[which % _made.length];
        uint256 key = keyOf[pickParty(by)];
        bool may_ = key == keyOf[patient] && !isSuspended[patient] && !old.ended;
        so((endGrant(End(HANDLE, old.digest, _now), key) == 0) == may_, "end");
        if (may_) old.ended = true;
    }

    function advanceThePatient(uint256 number, uint256 signers) external {
        vm.warp(_now);
        uint64 next = epoch + uint64(within(number, 0, 3)) / 2;
        bool may_ = isQuorum(signers, coordinatorKeys) && next == epoch + 1;
        may_ = may_ && next <= consent.lastEpochOf(HANDLE);
        Advance memory request = Advance(HANDLE, next, 0, _now);
        so((advance(request, signersOf(signers, coordinatorKeys)) == 0) == may_, "advance");
        if (may_) epoch = next;
    }

    /// Lets the log grow, or tries to rewrite one of its entries on the way.
    function checkpointTheLog(uint256 growth, uint256 rewritten, uint256 signers) external {
        uint256 size = logSize + within(growth, 0, 4);
        if (size == 0 || size > 40) return;
        while (_entries.length < size) _entries.push(keccak256(abi.encode(_entries.length, growth)));
        bytes32[] memory entries = _entries;
        bool rewrites = rewritten % 2 == 0 && logSize > 0;
        if (rewrites) entries[rewritten % logSize] = "rewritten";
        bytes32[] memory proof = new bytes32[](0);
        if (logSize > 0) proof = proofOf(logSize, entries, size);
        bool may_ = isQuorum(signers, coordinatorKeys) && size > logSize && !rewrites;
        Checkpoint memory statement = Checkpoint(LOG, uint64(size), rootOf(entries, size));
        bool done = checkpoint(statement, proof, signersOf(signers, coordinatorKeys)) == 0;
        so(done == may_, "checkpoint");
        if (done) logSize = size;
        while (_entries.length > logSize) _entries.pop();
    }

    // Parties

    function pickParty(uint256 who) private view returns (address) {
        return vm.addr(keys[who % keys.length]);
    }

    function withDeadline(address id) private view returns (Enrolment memory request) {
        request = enrolment(id, DOCTOR, 0);
        request.deadline = _now;
    }

    /// The first three bits choose holders of the office, in order; the fourth swaps a stranger in.
    function signersOf(uint256 bits, uint256[] memory office) private pure returns (uint256[] memory some) {
        uint256 count = (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1);
        some = new uint256[](count);
        uint256 place;
        for (uint256 i; i < 3; ++i) if ((bits >> i) & 1 == 1) some[place++] = office[i];
        if (count > 0 && (bits >> 3) & 3 == 3) some[(bits >> 5) % count] = STRANGER_KEY;
    }

    function isQuorum(uint256 bits, uint256[] memory office) private pure returns (bool) {
        uint256[] memory some = signersOf(bits, office);
        for (uint256 i; i < some.length; ++i) if (some[i] == STRANGER_KEY) return false;
        return some.length >= 2;
    }
}
