// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import "../RequestTypes.sol";
import {IConsent} from "../interfaces/IConsent.sol";
import {IEvidence} from "../interfaces/IEvidence.sol";
import {IMandates} from "../interfaces/IMandates.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Seat} from "../libraries/Offices.sol";
import {Deploys} from "./Deploys.t.sol";
import {Hashes} from "./Hashes.t.sol";
import {Vm} from "./Vm.t.sol";

/// A network of three organisations with a patient, a doctor and another doctor; and for every kind of request a
/// function that sends it alone, signed with given keys, and returns why it was refused: 0 if it was taken.
abstract contract World is Deploys {
    bytes32 internal constant NETWORK = keccak256("network");
    uint32 internal constant DELAY = 3 days;
    uint64 internal constant LONGEST_RIGHT = 3650 days;
    uint64 internal constant NOW = 1_800_000_000;
    uint64 internal constant LATER = NOW + 1 hours;

    uint256 internal constant PATIENT_KEY = 0xA11CE;
    uint256 internal constant OTHER_PATIENT_KEY = 0xA11CF;
    uint256 internal constant DOCTOR_KEY = 0xD0C;
    uint256 internal constant OTHER_DOCTOR_KEY = 0xD0D;
    uint256 internal constant STRANGER_KEY = 0xBAD;
    bytes32 internal constant HANDLE = keccak256("handle");
    bytes32 internal constant OTHER_HANDLE = keccak256("other handle");
    bytes32 internal constant RECORD = keccak256("record");

    uint8 internal constant PATIENT = 1;
    uint8 internal constant DOCTOR = 2;
    uint8 internal constant LAST_ROLE = 13;

    Hashes internal hashes;
    IRegistry internal registry;
    IMandates internal mandates;
    IConsent internal consent;
    IEvidence internal evidence;
    address internal patient;
    address internal doctor;
    address internal otherDoctor;
    /// Keys in ascending order of their addresses, the first of hospital, then laboratory, then insurer.
    uint256[] internal authorityKeys;
    uint256[] internal coordinatorKeys;
    bytes32[3] internal organisations = [bytes32("hospital"), "laboratory", "insurer"];

    function setUp() public virtual {
        vm.warp(NOW);
        hashes = new Hashes();
        authorityKeys = sorted(0xA000, 3);
        coordinatorKeys = sorted(0xC000, 3);
        registry = deployRegistry(NETWORK, seats(authorityKeys), 2, seats(coordinatorKeys), 2, DELAY);
        mandates = deployMandates(registry);
        consent = deployConsent(registry, mandates, LONGEST_RIGHT);
        evidence = deployEvidence(registry);
        patient = vm.addr(PATIENT_KEY);
        doctor = vm.addr(DOCTOR_KEY);
        otherDoctor = vm.addr(OTHER_DOCTOR_KEY);
        taken(enrol(enrolment(patient, PATIENT, HANDLE), quorum(authorityKeys)));
        taken(enrol(enrolment(vm.addr(OTHER_PATIENT_KEY), PATIENT, OTHER_HANDLE), quorum(authorityKeys)));
        taken(enrol(enrolment(doctor, DOCTOR, 0), quorum(authorityKeys)));
        taken(enrol(enrolment(otherDoctor, DOCTOR, 0), quorum(authorityKeys)));
        taken(commit(commitment(HANDLE), PATIENT_KEY));
        taken(commit(commitment(OTHER_HANDLE), OTHER_PATIENT_KEY));
    }

    // Outcomes

    function taken(bytes4 refusal) internal pure {
        same(refusal, bytes32(0));
    }

    function refused(bytes4 refusal, bytes4 reason) internal pure {
        so(refusal != 0, "it should have been refused");
        same(refusal, reason);
    }

    /// Why each request of a batch was refused, read off the events since `vm.recordLogs`.
    function outcomes(uint256 count) internal returns (bytes4[] memory reasons) {
        reasons = new bytes4[](count);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != IRefusals.Refused.selector) continue;
            reasons[uint256(logs[i].topics[1])] = abi.decode(logs[i].data, (bytes4));
        }
    }

    function outcome() internal returns (bytes4) {
        return outcomes(1)[0];
    }

    // Signing

    /// The EIP-712 domain separator, computed apart from the contracts.
    function separator() internal view returns (bytes32) {
        bytes32 domainType = keccak256(
            "EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)"
        );
        return
            keccak256(abi.encode(domainType, keccak256("Medseal"), keccak256("1"), block.chainid, NETWORK));
    }

    function digestOf(bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator(), structHash));
    }

    function signature(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        return rawSignature(key, digestOf(structHash));
    }

    function rawSignature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function signatures(
        uint256[] memory keys,
        bytes32 structHash
    ) internal view returns (bytes[] memory list) {
        list = new bytes[](keys.length);
        for (uint256 i; i < keys.length; ++i) list[i] = signature(keys[i], structHash);
    }

    function one(bytes memory value) internal pure returns (bytes[] memory list) {
        list = new bytes[](1);
        list[0] = value;
    }

    function one(bytes[] memory value) internal pure returns (bytes[][] memory list) {
        list = new bytes[][](1);
        list[0] = value;
    }

    // Offices

    /// Some keys, in ascending order of their addresses.
    function sorted(uint256 seed, uint256 count) internal pure returns (uint256[] memory keys) {
        keys = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            uint256 key = seed + i;
            uint256 place = i;
            for (; place > 0 && vm.addr(keys[place - 1]) > vm.addr(key); --place) {
                keys[place] = keys[place - 1];
            }
            keys[place] = key;
        }
    }

    function seats(uint256[] memory keys) internal view returns (Seat[] memory list) {
        list = new Seat[](keys.length);
        for (uint256 i; i < keys.length; ++i) list[i] = Seat(vm.addr(keys[i]), organisations[i % 3]);
    }

    /// The first two keys: those of hospital and laboratory.
    function quorum(uint256[] memory keys) internal pure returns (uint256[] memory some) {
        return pick(keys, 0, 1);
    }

    function pick(uint256[] memory keys, uint256 a, uint256 b) internal pure returns (uint256[] memory some) {
        some = new uint256[](2);
        (some[0], some[1]) = (keys[a], keys[b]);
    }

    function pick(uint256[] memory keys, uint256 a) internal pure returns (uint256[] memory some) {
        some = new uint256[](1);
        some[0] = keys[a];
    }

    // Requests that are as they should be

    function enrolment(address party, uint8 role, bytes32 handle) internal pure returns (Enrolment memory) {
        return Enrolment(party, role, "hospital", keccak256("recipient"), handle, LATER);
    }

    function commitment(bytes32 handle) internal pure returns (CommitEpochs memory) {
        return CommitEpochs(handle, 1, 16, keccak256("sheets"), LATER);
    }

    function terms(address grantee) internal pure returns (Terms memory) {
        string[] memory categories = new string[](2);
        (categories[0], categories[1]) = ("laboratory", "medications");
        return
            Terms({
                grantee: grantee,
                categories: categories,
                record: 0,
                read: true,
                add: true,
                amend: false,
                purpose: "TREAT",
                from: NOW,
                until: NOW + 30 days,
                salt: bytes16(keccak256(abi.encode(grantee)))
            });
    }

    function opening(address grantee) internal pure returns (Grant memory) {
        return Grant(HANDLE, terms(grantee), LATER);
    }

    function requestOf(Grant memory grant_) internal view returns (GrantRequest memory) {
        return GrantRequest(grant_.handle, hashes.hash(grant_.terms), grant_.deadline);
    }

    function grantDigest(Grant memory grant_) internal view returns (bytes32) {
        return digestOf(hashes.hash(grant_));
    }

    /// A grant of the patient, on the ledger.
    function granted(address grantee) internal returns (bytes32) {
        taken(grant(requestOf(opening(grantee)), PATIENT_KEY));
        return grantDigest(opening(grantee));
    }

    function may(
        Grant memory grant_,
        address party,
        string memory action,
        uint256 moment
    ) internal view returns (bool) {
        return consent.check(grant_, party, action, "laboratory", RECORD, "TREAT", uint64(moment));
    }

    // Sending one request

    function enrol(Enrolment memory request, uint256[] memory keys) internal returns (bytes4) {
        Enrolment[] memory requests = new Enrolment[](1);
        requests[0] = request;
        bytes[] memory signed = signatures(keys, hashes.hash(request));
        vm.recordLogs();
        registry.enrol(requests, one(signed));
        return outcome();
    }

    function suspend(Suspension memory request, uint256[] memory keys) internal returns (bytes4) {
        Suspension[] memory requests = new Suspension[](1);
        requests[0] = request;
        bytes[] memory signed = signatures(keys, hashes.hash(request));
        vm.recordLogs();
        registry.suspend(requests, one(signed));
        return outcome();
    }

    function changeKey(KeyChange memory request, uint256 key, uint256 newKey) internal returns (bytes4) {
        KeyChange[] memory requests = new KeyChange[](1);
        requests[0] = request;
        bytes32 structHash = hashes.hash(request);
        bytes[2][] memory signed = new bytes[2][](1);
        (signed[0][0], signed[0][1]) = (signature(key, structHash), signature(newKey, structHash));
        vm.recordLogs();
        registry.changeKeys(requests, signed);
        return outcome();
    }

    function recover(Recovery memory request, uint256[] memory keys) internal returns (bytes4) {
        Recovery[] memory requests = new Recovery[](1);
        requests[0] = request;
        bytes[] memory signed = signatures(keys, hashes.hashRecovery(request));
        vm.recordLogs();
        registry.recover(requests, one(signed));
        return outcome();
    }

    function veto(Veto memory request, uint256 key) internal returns (bytes4) {
        Veto[] memory requests = new Veto[](1);
        requests[0] = request;
        bytes memory signed = signature(key, hashes.hash(request));
        vm.recordLogs();
        registry.veto(requests, one(signed));
        return outcome();
    }

    function finishRecovery(address party) internal returns (bytes4) {
        address[] memory parties = new address[](1);
        parties[0] = party;
        vm.recordLogs();
        registry.finishRecoveries(parties);
        return outcome();
    }

    function changeOffice(OfficeChange memory request, uint256[] memory keys) internal returns (bytes4) {
        OfficeChange[] memory requests = new OfficeChange[](1);
        requests[0] = request;
        bytes[] memory signed = signatures(keys, hashes.hash(request));
        vm.recordLogs();
        registry.changeOffices(requests, one(signed));
        return outcome();
    }

    function finishOfficeChange(OfficeChange memory request) internal returns (bytes4) {
        OfficeChange[] memory requests = new OfficeChange[](1);
        requests[0] = request;
        vm.recordLogs();
        registry.finishOfficeChanges(requests);
        return outcome();
    }

    function grant(GrantRequest memory request, uint256 key) internal returns (bytes4) {
        return grant(request, signature(key, hashes.hash(request)));
    }

    function grant(GrantRequest memory request, bytes memory signed) internal returns (bytes4) {
        GrantRequest[] memory requests = new GrantRequest[](1);
        requests[0] = request;
        vm.recordLogs();
        consent.grant(requests, one(signed));
        return outcome();
    }

    function revoke(Revoke memory request, uint256 key) internal returns (bytes4) {
        Revoke[] memory requests = new Revoke[](1);
        requests[0] = request;
        bytes memory signed = signature(key, hashes.hash(request));
        vm.recordLogs();
        consent.revoke(requests, one(signed));
        return outcome();
    }

    function endGrant(End memory request, uint256 key) internal returns (bytes4) {
        End[] memory requests = new End[](1);
        requests[0] = request;
        bytes memory signed = signature(key, hashes.hashEnd(request));
        vm.recordLogs();
        consent.end(requests, one(signed));
        return outcome();
    }

    function commit(CommitEpochs memory request, uint256 key) internal returns (bytes4) {
        CommitEpochs[] memory requests = new CommitEpochs[](1);
        requests[0] = request;
        bytes memory signed = signature(key, hashes.hash(request));
        vm.recordLogs();
        consent.commitEpochs(requests, one(signed));
        return outcome();
    }

    function advance(Advance memory request, uint256[] memory keys) internal returns (bytes4) {
        Advance[] memory requests = new Advance[](1);
        requests[0] = request;
        bytes[] memory signed = signatures(keys, hashes.hash(request));
        vm.recordLogs();
        consent.advance(requests, one(signed));
        return outcome();
    }

    function checkpoint(
        Checkpoint memory statement,
        bytes32[] memory proof,
        uint256[] memory keys
    ) internal returns (bytes4) {
        Checkpoint[] memory statements = new Checkpoint[](1);
        statements[0] = statement;
        bytes32[][] memory proofs = new bytes32[][](1);
        proofs[0] = proof;
        bytes[] memory signed = signatures(keys, hashes.hash(statement));
        vm.recordLogs();
        evidence.checkpoint(statements, proofs, one(signed));
        return outcome();
    }
}
