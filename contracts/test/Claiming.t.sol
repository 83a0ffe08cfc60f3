// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    ClaimCheck,
    ClaimDecision,
    ClaimJudgement,
    ClaimRequest,
    ClaimSupplement,
    ClaimTypes,
    DisputeClaim,
    WithdrawClaim
} from "../ClaimTypes.sol";
import {Enrolment} from "../RequestTypes.sol";
import {IssueUnits, RedeemUnits, SettlementTypes} from "../SettlementTypes.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {World} from "./World.t.sol";

/// Struct hashes of values that a test holds in memory.
contract ClaimHashes {
    using ClaimTypes for *;
    using SettlementTypes for *;

    function hash(ClaimRequest calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(ClaimCheck calldata value) external pure returns (bytes32) {
        return ClaimCheck(value.request).hash();
    }

    function hash(ClaimDecision calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(ClaimSupplement calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(WithdrawClaim calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(DisputeClaim calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(ClaimJudgement calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hashIssue(IssueUnits calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hashRedemption(RedeemUnits calldata value) external pure returns (bytes32) {
        return value.hash();
    }
}

/// The world with claims: two insurers of the organisation `insurer` and of `other insurer`, and verifiers of four
/// organisations. For every kind of request there is a function that sends it alone.
abstract contract Claiming is World {
    /// Organisation that issues units; its seat is the first of the authority.
    bytes32 internal constant ISSUER = "hospital";
    uint256 internal constant INSURER_KEY = 0x602;
    uint256 internal constant OTHER_INSURER_KEY = 0x603;
    uint256 internal constant VERIFIER_KEY = 0x604;
    /// Key of an account that nobody enrolled.
    uint256 internal constant ACCOUNT_KEY = 0x605;
    uint256 internal constant HOSPITAL_KEY = 0x606;
    /// Key of the account that somebody claims with.
    uint256 internal constant CLAIMANT_KEY = 0x607;
    /// Key of a verifier of another third organisation.
    uint256 internal constant OTHER_VERIFIER_KEY = 0x608;
    uint8 internal constant INSURER = 6;
    uint8 internal constant VERIFIER = 9;
    uint8 internal constant AGENT = 10;
    uint8 internal constant APPROVE = 1;
    uint8 internal constant DENY = 2;
    uint8 internal constant ASK = 3;
    uint32 internal constant TERM = 30 days;
    uint48 internal constant BILL = 10_000;
    uint48 internal constant FUNDS = 1_000_000;
    bytes32 internal constant TREATMENT = keccak256("treatment");
    /// The lot of whoever claims.
    bytes32 internal constant LOT = keccak256("lot of the claimant");
    /// The lot of each insurer.
    bytes32 internal constant INSURER_LOT = keccak256("lot of the insurer");

    ClaimHashes internal texts;
    IClaims internal claims;
    ISettlement internal settlement;
    address internal insurer;
    address internal otherInsurer;
    address internal verifier;
    address internal hospital;
    address internal claimant;

    function setUp() public virtual override {
        World.setUp();
        texts = new ClaimHashes();
        insurer = enrolled(INSURER_KEY, INSURER, "insurer");
        otherInsurer = enrolled(OTHER_INSURER_KEY, INSURER, "other insurer");
        verifier = enrolled(VERIFIER_KEY, VERIFIER, "laboratory");
        enrolled(OTHER_VERIFIER_KEY, VERIFIER, "another laboratory");
        hospital = enrolled(HOSPITAL_KEY, AGENT, "hospital");
        claimant = vm.addr(CLAIMANT_KEY);
        (settlement, claims) = deployClaims(registry, TERM);
        taken(issue(insurer, FUNDS));
        taken(issue(otherInsurer, FUNDS));
    }

    function enrolled(uint256 key, uint8 role, bytes32 organisation) internal returns (address) {
        Enrolment memory request = enrolment(vm.addr(key), role, 0);
        request.organisation = organisation;
        taken(enrol(request, quorum(authorityKeys)));
        return vm.addr(key);
    }

    /// A bill of the hospital, sent by one of its doctors to the insurer.
    function bill() internal view returns (ClaimRequest memory) {
        return
            ClaimRequest({
                termsHash: keccak256("terms"),
                claimant: claimant,
                insurer: insurer,
                payee: hospital,
                amount: BILL,
                total: BILL,
                treatment: TREATMENT,
                follows: 0,
                authorisation: 0,
                lotHash: keccak256(abi.encode(LOT)),
                deadline: type(uint64).max
            });
    }

    /// The same for another treatment.
    function bill(uint256 number) internal view returns (ClaimRequest memory request) {
        request = bill();
        request.treatment = keccak256(abi.encode(number));
    }

    /// Asks in advance whether the insurer will pay.
    function question() internal view returns (ClaimRequest memory request) {
        request = bill();
        request.treatment = 0;
    }

    function digestOf(ClaimRequest memory request) internal view returns (bytes32) {
        return digestOf(texts.hash(request));
    }

    function claimed(ClaimRequest memory request) internal returns (bytes32) {
        taken(submit(request, CLAIMANT_KEY));
        return digestOf(request);
    }

    function approved(ClaimRequest memory request, uint48 amount) internal returns (bytes32 digest) {
        digest = claimed(request);
        taken(approve(request, amount));
    }

    function paid(ClaimRequest memory request) internal {
        approved(request, BILL);
        ended(request);
        inState(request, IClaims.ClaimState.Paid);
    }

    function standing(ClaimRequest memory request) internal view returns (IClaims.Standing memory) {
        return claims.claimOf(digestOf(request));
    }

    function inState(ClaimRequest memory request, IClaims.ClaimState state) internal view {
        same(uint256(standing(request).state), uint256(state));
    }

    /// Number of a claim's next step.
    function next(ClaimRequest memory request) internal view returns (uint16) {
        return standing(request).step + 1;
    }

    function deadline() internal view returns (uint64) {
        return uint64(block.timestamp);
    }

    function one(ClaimRequest memory claim) internal pure returns (ClaimRequest[] memory list) {
        list = new ClaimRequest[](1);
        list[0] = claim;
    }

    function checksOf(bytes32 digest, uint256[] memory keys) internal view returns (bytes[] memory) {
        return signatures(keys, texts.hash(ClaimCheck(digest)));
    }

    function submit(ClaimRequest memory request, uint256 key) internal returns (bytes4) {
        return submit(request, signature(key, texts.hash(request)), quorum(coordinatorKeys));
    }

    function submit(
        ClaimRequest memory request,
        bytes memory signed,
        uint256[] memory coordinators
    ) internal returns (bytes4) {
        bytes[] memory checks = checksOf(digestOf(request), coordinators);
        vm.recordLogs();
        claims.submit(one(request), one(signed), one(checks));
        return outcome();
    }

    function decision(
        ClaimRequest memory claim,
        uint8 which,
        uint48 amount
    ) internal view returns (ClaimDecision memory) {
        return
            ClaimDecision({
                claim: digestOf(claim),
                step: next(claim),
                outcome: which,
                amount: amount,
                until: 0,
                lotHash: keccak256(abi.encode(INSURER_LOT)),
                termsHash: keccak256("reason"),
                deadline: deadline()
            });
    }

    function decide(
        ClaimRequest memory claim,
        ClaimDecision memory request,
        uint256 key
    ) internal returns (bytes4) {
        ClaimDecision[] memory requests = new ClaimDecision[](1);
        requests[0] = request;
        bytes memory signed = signature(key, texts.hash(request));
        vm.recordLogs();
        claims.decide(one(claim), requests, one(signed));
        return outcome();
    }

    function approve(ClaimRequest memory claim, uint48 amount) internal returns (bytes4) {
        return decide(claim, decision(claim, APPROVE, amount), keyOfInsurer(claim));
    }

    function deny(ClaimRequest memory claim) internal returns (bytes4) {
        return decide(claim, decision(claim, DENY, 0), keyOfInsurer(claim));
    }

    function ask(ClaimRequest memory claim) internal returns (bytes4) {
        return decide(claim, decision(claim, ASK, 0), keyOfInsurer(claim));
    }

    function keyOfInsurer(ClaimRequest memory claim) internal view returns (uint256) {
        return claim.insurer == otherInsurer ? OTHER_INSURER_KEY : INSURER_KEY;
    }

    function authorise(ClaimRequest memory claim, uint48 amount, uint64 until) internal returns (bytes4) {
        ClaimDecision memory request = decision(claim, APPROVE, amount);
        request.until = until;
        return decide(claim, request, INSURER_KEY);
    }

    function supplement(
        ClaimRequest memory claim,
        uint256 key,
        uint256[] memory coordinators
    ) internal returns (bytes4) {
        ClaimSupplement[] memory requests = new ClaimSupplement[](1);
        requests[0] = ClaimSupplement(digestOf(claim), next(claim), keccak256("more"), deadline());
        bytes memory signed = signature(key, texts.hash(requests[0]));
        bytes[] memory checks = checksOf(digestOf(texts.hash(requests[0])), coordinators);
        vm.recordLogs();
        claims.supplement(one(claim), requests, one(signed), one(checks));
        return outcome();
    }

    function withdraw(ClaimRequest memory claim, uint256 key) internal returns (bytes4) {
        WithdrawClaim[] memory requests = new WithdrawClaim[](1);
        requests[0] = WithdrawClaim(digestOf(claim), next(claim), deadline());
        bytes memory signed = signature(key, texts.hash(requests[0]));
        vm.recordLogs();
        claims.withdraw(one(claim), requests, one(signed));
        return outcome();
    }

    function dispute(ClaimRequest memory claim, address party, uint256 key) internal returns (bytes4) {
        return dispute(claim, party, key, lotOf(claim, party), quorum(coordinatorKeys));
    }

    function dispute(
        ClaimRequest memory claim,
        address party,
        uint256 key,
        bytes32 lot,
        uint256[] memory coordinators
    ) internal returns (bytes4) {
        DisputeClaim[] memory requests = new DisputeClaim[](1);
        requests[0] = DisputeClaim({
            claim: digestOf(claim),
            step: next(claim),
            party: party,
            lot: lot,
            termsHash: keccak256("why"),
            deadline: deadline()
        });
        bytes memory signed = signature(key, texts.hash(requests[0]));
        bytes[] memory checks = checksOf(digestOf(texts.hash(requests[0])), coordinators);
        vm.recordLogs();
        claims.dispute(one(claim), requests, one(signed), one(checks));
        return outcome();
    }

    function lotOf(ClaimRequest memory claim, address party) internal pure returns (bytes32) {
        return party == claim.claimant ? LOT : INSURER_LOT;
    }

    function disputedByInsurer(ClaimRequest memory claim) internal returns (bytes4) {
        return dispute(claim, claim.insurer, keyOfInsurer(claim));
    }

    function disputedByClaimant(ClaimRequest memory claim) internal returns (bytes4) {
        return dispute(claim, claimant, CLAIMANT_KEY);
    }

    function openLot(ClaimRequest memory claim, bytes32 lot) internal returns (bytes4) {
        bytes32[] memory lots = new bytes32[](1);
        lots[0] = lot;
        vm.recordLogs();
        claims.openLots(one(claim), lots);
        return outcome();
    }

    /// A dispute of the insurer whose verifiers are drawn.
    function drawn(ClaimRequest memory claim) internal {
        taken(disputedByInsurer(claim));
        taken(openLot(claim, LOT));
    }

    function judge(ClaimRequest memory claim, uint256 key, bool safe) internal returns (bytes4) {
        return judge(claim, key, safe, 1);
    }

    function judge(
        ClaimRequest memory claim,
        uint256 key,
        bool safe,
        uint8 number
    ) internal returns (bytes4) {
        return judge(claim, judgement(claim, vm.addr(key), safe, number), key, quorum(coordinatorKeys));
    }

    function judgement(
        ClaimRequest memory claim,
        address judge_,
        bool safe,
        uint8 number
    ) internal view returns (ClaimJudgement memory) {
        return
            ClaimJudgement(
                digestOf(claim),
                next(claim),
                judge_,
                safe,
                number,
                keccak256("block"),
                deadline()
            );
    }

    function judge(
        ClaimRequest memory claim,
        ClaimJudgement memory request,
        uint256 key,
        uint256[] memory coordinators
    ) internal returns (bytes4) {
        ClaimJudgement[] memory requests = new ClaimJudgement[](1);
        requests[0] = request;
        bytes memory signed = signature(key, texts.hash(request));
        bytes[] memory checks = checksOf(digestOf(texts.hash(request)), coordinators);
        vm.recordLogs();
        claims.judge(one(claim), requests, one(signed), one(checks));
        return outcome();
    }

    /// Lets the term of a claim pass.
    function afterTerm(ClaimRequest memory claim) internal {
        vm.warp(standing(claim).due + 1);
    }

    /// Lets the term pass, and has what follows from it.
    function ended(ClaimRequest memory claim) internal {
        afterTerm(claim);
        taken(lapse(claim));
    }

    function lapse(ClaimRequest memory claim) internal returns (bytes4) {
        vm.recordLogs();
        claims.lapse(one(claim));
        return outcome();
    }

    function issue(address account, uint48 amount) internal returns (bytes4) {
        uint64 number = settlement.issuerOf(ISSUER).number + 1;
        return issue(IssueUnits(ISSUER, account, amount, number, deadline()), issuerKey());
    }

    function issuerKey() internal view returns (uint256) {
        return authorityKeys[0];
    }

    function issue(IssueUnits memory request, uint256 key) internal returns (bytes4) {
        IssueUnits[] memory requests = new IssueUnits[](1);
        requests[0] = request;
        bytes memory signed = signature(key, texts.hashIssue(request));
        vm.recordLogs();
        settlement.issue(requests, one(signed));
        return outcome();
    }

    function redeem(uint256 key, uint48 amount) internal returns (bytes4) {
        uint64 number = settlement.redemptionsOf(vm.addr(key)) + 1;
        return redeem(RedeemUnits(vm.addr(key), ISSUER, amount, number, deadline()), key, issuerKey());
    }

    function redeem(RedeemUnits memory request, uint256 key, uint256 memberKey) internal returns (bytes4) {
        RedeemUnits[] memory requests = new RedeemUnits[](1);
        requests[0] = request;
        bytes32 text = texts.hashRedemption(request);
        bytes[2][] memory signed = new bytes[2][](1);
        (signed[0][0], signed[0][1]) = (signature(key, text), signature(memberKey, text));
        vm.recordLogs();
        settlement.redeem(requests, signed);
        return outcome();
    }
}
