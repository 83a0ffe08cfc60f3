// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimDecision, ClaimRequest} from "../ClaimTypes.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {Claiming} from "./Claiming.t.sol";

/// Claimants, insurers, a payee and verifiers that do anything in any order. After each call every claim must stand
/// where the state machine lets it go from where it stood.
contract ClaimsDesk is Claiming {
    ClaimRequest[] private _made;
    mapping(bytes32 digest => IClaims.ClaimState) private _stateOf;
    mapping(IClaims.ClaimState from => mapping(IClaims.ClaimState to => bool)) private _may;
    uint64 private _now = NOW;
    uint256 private _redeemed;

    constructor() {
        Claiming.setUp();
        for (uint8 i; i <= uint8(IClaims.ClaimState.Paid); ++i)
            _may[IClaims.ClaimState(i)][IClaims.ClaimState(i)] = true;
        _allow(IClaims.ClaimState.Unknown, IClaims.ClaimState.Open);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Approved);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Denied);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Asked);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Withdrawn);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Lapsed);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Paid);
        _allow(IClaims.ClaimState.Asked, IClaims.ClaimState.Open);
        _allow(IClaims.ClaimState.Asked, IClaims.ClaimState.Withdrawn);
        _allow(IClaims.ClaimState.Asked, IClaims.ClaimState.Lapsed);
        _allow(IClaims.ClaimState.Asked, IClaims.ClaimState.Approved);
        _allow(IClaims.ClaimState.Asked, IClaims.ClaimState.Paid);
        _allow(IClaims.ClaimState.Approved, IClaims.ClaimState.Disputed);
        _allow(IClaims.ClaimState.Approved, IClaims.ClaimState.Paid);
        _allow(IClaims.ClaimState.Approved, IClaims.ClaimState.Used);
        _allow(IClaims.ClaimState.Denied, IClaims.ClaimState.Disputed);
        _allow(IClaims.ClaimState.Disputed, IClaims.ClaimState.Drawn);
        IClaims.ClaimState[3] memory judging = [
            IClaims.ClaimState.Disputed,
            IClaims.ClaimState.Drawn,
            IClaims.ClaimState.Judged
        ];
        for (uint256 i; i < judging.length; ++i) {
            _allow(judging[i], IClaims.ClaimState.Open);
            _allow(judging[i], IClaims.ClaimState.Denied);
            _allow(judging[i], IClaims.ClaimState.Paid);
            _allow(judging[i], IClaims.ClaimState.Reversed);
        }
        _allow(IClaims.ClaimState.Drawn, IClaims.ClaimState.Judged);
        _allow(IClaims.ClaimState.Judged, IClaims.ClaimState.Drawn);
    }

    function setUp() public override {}

    /// The fuzzer forgets the time between its calls.
    modifier alongTheMachine() {
        vm.warp(_now);
        _;
        for (uint256 i; i < _made.length; ++i) {
            bytes32 digest = digestOf(_made[i]);
            IClaims.ClaimState state = claims.claimOf(digest).state;
            so(_may[_stateOf[digest]][state], "beside the machine");
            _stateOf[digest] = state;
        }
    }

    function made() external view returns (ClaimRequest[] memory) {
        return _made;
    }

    function standingOf(ClaimRequest memory claim) external view returns (IClaims.Standing memory) {
        return standing(claim);
    }

    function theSettlement() external view returns (ISettlement) {
        return settlement;
    }

    /// Everyone who may hold units: the insurers, the payee, and the contract that holds what waits for the end of a term.
    function accounts() external view returns (address[] memory list) {
        list = new address[](4);
        (list[0], list[1], list[2], list[3]) = (insurer, otherInsurer, hospital, address(claims));
    }

    /// Units that the payee gave back for money.
    function redeemed() external view returns (uint256) {
        return _redeemed;
    }

    function issued() external view returns (uint256) {
        return settlement.issuerOf(ISSUER).outstanding;
    }

    function fundsOfInsurer() external pure returns (uint256) {
        return FUNDS;
    }

    // The calls of the fuzzer

    function wait_(uint32 time) external {
        _now += uint64(within(time, 1, 5 days));
    }

    function submitSomething(
        uint8 treatment,
        uint48 amount,
        bool atOther,
        uint8 how
    ) external alongTheMachine {
        if (_made.length > 7) return;
        ClaimRequest memory request = bill(treatment % 2);
        request.amount = uint48(within(amount, 1, BILL));
        request.total = BILL - 1_000 * (how % 3);
        request.termsHash = keccak256(abi.encode(_made.length));
        if (atOther) request.insurer = otherInsurer;
        if (how % 8 > 0) request.follows = claims.newestOf(request.treatment);
        if (request.follows != 0 && how % 8 > 1) {
            IClaims.Standing memory former = claims.claimOf(request.follows);
            uint256 gone = uint256(former.before) + former.approved;
            uint256 left = gone < request.total ? request.total - gone : 0;
            if (left > 0) request.amount = uint48(within(amount, 1, left));
        }
        if (how % 4 == 3) (request.treatment, request.follows) = (0, 0);
        if (how % 4 == 2) request.authorisation = _someAuthorisation();
        if (submit(request, CLAIMANT_KEY) == 0) _made.push(request);
    }

    function decideSomething(uint8 which, uint8 kind, uint48 amount) external alongTheMachine {
        if (_made.length == 0) return;
        ClaimRequest memory claim = _made[which % _made.length];
        IClaims.Standing memory known = standing(claim);
        ClaimDecision memory request = decision(claim, uint8(within(kind, 1, 3)), 0);
        if (request.outcome == APPROVE) {
            // Seldom over what is left.
            request.amount = uint48(within(amount, 0, uint256(claim.amount) - known.approved + kind / 64));
            if (claim.treatment == 0) request.until = _now + 30 days;
        }
        decide(claim, request, keyOfInsurer(claim));
    }

    function goOn(uint8 which, uint8 how, bool safe) external alongTheMachine {
        if (_made.length == 0) return;
        ClaimRequest memory claim = _made[which % _made.length];
        IClaims.ClaimState state = standing(claim).state;
        if (how % 8 == 0) withdraw(claim, CLAIMANT_KEY);
        else if (how % 8 == 1) lapse(claim);
        else if (how % 8 == 2 || state == IClaims.ClaimState.Drawn)
            judge(claim, how % 2 == 0 ? VERIFIER_KEY : OTHER_VERIFIER_KEY, safe, 1 + how / 128);
        else if (how % 8 == 3 || state == IClaims.ClaimState.Asked)
            supplement(claim, CLAIMANT_KEY, quorum(coordinatorKeys));
        else if (state == IClaims.ClaimState.Disputed) openLot(claim, safe ? LOT : INSURER_LOT);
        else if (how % 8 < 6) disputedByClaimant(claim);
        else disputedByInsurer(claim);
    }

    function redeemSome(uint48 amount, uint8 all) external alongTheMachine {
        uint256 there = settlement.balanceOf(hospital);
        amount = uint48(all % 2 == 0 ? there : within(amount, 1, there + 1));
        if (redeem(HOSPITAL_KEY, amount) == 0) _redeemed += amount;
    }

    function _someAuthorisation() private view returns (bytes32) {
        for (uint256 i; i < _made.length; ++i) {
            if (_made[i].treatment == 0 && standing(_made[i]).state == IClaims.ClaimState.Approved)
                return digestOf(_made[i]);
        }
        return keccak256("none");
    }

    function _allow(IClaims.ClaimState from, IClaims.ClaimState to) private {
        _may[from][to] = true;
    }
}
